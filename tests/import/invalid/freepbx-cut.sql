-- MySQL dump 10.14  Distrib 5.5.68-MariaDB, for Linux (x86_64)
CREATE TABLE `ivr_entries` (
  `ivr_id` int(11) NOT NULL,
  `selection` varchar(30) DEFAULT NULL,
  `dest` varchar(200) DEFAULT NULL,
  `ivr_ret` tinyint(1) NOT NULL DEFAULT 0
) ENGINE=InnoDB;
INSERT INTO `ivr_entries` VALUES (1,'1','ext-queues,600,1',0),(1,'2','ext-que
