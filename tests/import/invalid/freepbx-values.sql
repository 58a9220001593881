CREATE TABLE `ivr_entries` (
  `ivr_id` int(11) NOT NULL,
  `selection` varchar(30) DEFAULT NULL,
  `dest` varchar(200) DEFAULT NULL,
  `ivr_ret` tinyint(1) NOT NULL DEFAULT 0
);
INSERT INTO `ivr_entries` VALUES
(1,'1','ext-queues,600,1',0),
(1,'2','ext-queues,600,1');
