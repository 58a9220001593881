/*M!999999\- enable the sandbox mode */ 
-- MariaDB dump 10.19  Distrib 10.11.14-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: asterisk
-- ------------------------------------------------------

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET NAMES utf8mb4 */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

--
-- Table structure for table `admin`
--

DROP TABLE IF EXISTS `admin`;
CREATE TABLE `admin` (
  `variable` varchar(20) NOT NULL DEFAULT '',
  `value` varchar(80) NOT NULL DEFAULT '',
  PRIMARY KEY (`variable`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `admin` WRITE;
INSERT INTO `admin` VALUES ('need_reload','it''s; true'),('note','INSERT INTO `ivr_details` VALUES (9)');
UNLOCK TABLES;

CREATE TABLE `announcement` (
  `announcement_id` int(11) NOT NULL AUTO_INCREMENT,
  `description` varchar(50) DEFAULT NULL,
  `recording_id` int(11) DEFAULT NULL,
  `allow_skip` int(11) DEFAULT NULL,
  `post_dest` varchar(255) DEFAULT NULL,
  `return_ivr` tinyint(1) NOT NULL DEFAULT 0,
  `noanswer` tinyint(1) NOT NULL DEFAULT 0,
  `repeat_msg` varchar(2) NOT NULL DEFAULT '',
  PRIMARY KEY (`announcement_id`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4;
INSERT INTO `announcement` VALUES (1,'Where we are',3,1,'app-blackhole,hangup,1',0,0,''),(2,'Closed',4,0,'ext-local,vmu101,1',0,0,'');

CREATE TABLE `incoming` (
  `cidnum` varchar(20) DEFAULT NULL,
  `extension` varchar(50) NOT NULL,
  `destination` varchar(50) DEFAULT NULL,
  `description` varchar(35) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `incoming` VALUES ('','441632960199','fax,1,1','Fax'),('','441632960100','timeconditions,6,1','Shop'),('','+441632960101','timeconditions,6,1',NULL),('','_4416329602XX','timeconditions,6,1','The block'),('','','timeconditions,6,1',NULL),('07700900999','441632960100','timeconditions,6,1','The boss'),('','441632960150','ext-group,2000,1','Workshop');

CREATE TABLE `ivr_details` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(50) DEFAULT NULL,
  `description` varchar(150) DEFAULT NULL,
  `announcement` int(11) DEFAULT NULL,
  `directdial` varchar(50) DEFAULT NULL,
  `invalid_loops` varchar(10) DEFAULT NULL,
  `invalid_retry_recording` varchar(25) DEFAULT NULL,
  `invalid_destination` varchar(50) DEFAULT NULL,
  `timeout_enabled` varchar(50) DEFAULT NULL,
  `invalid_recording` varchar(25) DEFAULT NULL,
  `retvm` varchar(8) DEFAULT NULL,
  `timeout_time` int(11) DEFAULT NULL,
  `timeout_recording` varchar(25) DEFAULT NULL,
  `timeout_retry_recording` varchar(25) DEFAULT NULL,
  `timeout_destination` varchar(50) DEFAULT NULL,
  `timeout_loops` varchar(10) DEFAULT NULL,
  `timeout_append_announce` tinyint(1) NOT NULL DEFAULT 1,
  `invalid_append_announce` tinyint(1) NOT NULL DEFAULT 1,
  `timeout_ivr_ret` tinyint(1) NOT NULL DEFAULT 0,
  `invalid_ivr_ret` tinyint(1) NOT NULL DEFAULT 0,
  `alertinfo` varchar(150) DEFAULT NULL,
  `rvolume` varchar(2) NOT NULL DEFAULT '',
  `strict_dial_timeout` tinyint(1) NOT NULL DEFAULT 2,
  `accept_pound_key` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `name` (`name`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4;
LOCK TABLES `ivr_details` WRITE;
/*!40000 ALTER TABLE `ivr_details` DISABLE KEYS */;
INSERT INTO `ivr_details` VALUES
(1,'Bàker\'s shop','The \"main\" menu',1,'Disabled','2','default','ext-queues,600,1',NULL,'default','',10,'default','default','ext-queues,600,1','2',0,0,0,0,'','0',0,0);
/*!40000 ALTER TABLE `ivr_details` ENABLE KEYS */;
UNLOCK TABLES;

CREATE TABLE `ivr_entries` (
  `ivr_id` int(11) NOT NULL,
  `selection` varchar(30) DEFAULT NULL,
  `dest` varchar(200) DEFAULT NULL,
  `ivr_ret` tinyint(1) NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `ivr_entries` VALUES
(1,'1','timeconditions,4,1',0),
(1,'2','app-announcement-1,s,1',0),
(1,'3','ext-group,2000,1',0),
(1,'4','timeconditions,5,1',0),
(1,'9','ext-queues,601,1',0),
(1,'5','app-daynight,0,1',0),
(1,'6','app-languages,1,1',0),
(1,'7','ext-callrecording,1,1',0),
(1,'8','ext-miscdests,1,1',0);

CREATE TABLE `callrecording` (
  `callrecording_id` int(11) NOT NULL AUTO_INCREMENT,
  `call_recording_mode` varchar(50) DEFAULT NULL,
  `description` varchar(50) DEFAULT NULL,
  `dest` varchar(50) DEFAULT NULL,
  PRIMARY KEY (`callrecording_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `callrecording` VALUES (1,'force','Record','app-queueprio,1,1'),(2,'never','Do not','ext-queues,602,1');

CREATE TABLE `callrecording_module` (
  `extension` varchar(50) DEFAULT NULL,
  `cidnum` varchar(50) DEFAULT '',
  `callrecording` varchar(10) DEFAULT NULL,
  `display` varchar(20) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `callrecording_module` VALUES ('441632960100','','force','did'),('+441632960101','','dontcare','did');

CREATE TABLE `daynight` (
  `ext` varchar(10) NOT NULL DEFAULT '',
  `dmode` varchar(40) NOT NULL DEFAULT '',
  `dest` varchar(255) NOT NULL DEFAULT '',
  PRIMARY KEY (`ext`,`dmode`,`dest`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `daynight` VALUES ('0','day','app-setcid,1,1'),('0','fc_description','Evening'),('0','night','ext-callrecording,2,1'),('0','password','');

CREATE TABLE `languages` (
  `language_id` int(11) NOT NULL AUTO_INCREMENT,
  `lang_code` varchar(50) DEFAULT NULL,
  `description` varchar(50) DEFAULT NULL,
  `dest` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`language_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `languages` VALUES (1,'es','Spanish','ext-queues,600,1');

CREATE TABLE `miscdests` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `description` varchar(100) NOT NULL,
  `destdial` varchar(100) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `miscdests` VALUES (1,'The branch','01632960177'),(2,'Nobody','*98');

CREATE TABLE `queueprio` (
  `queueprio_id` int(11) NOT NULL AUTO_INCREMENT,
  `queue_priority` varchar(50) DEFAULT NULL,
  `description` varchar(50) DEFAULT NULL,
  `dest` varchar(50) DEFAULT NULL,
  PRIMARY KEY (`queueprio_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `queueprio` VALUES (1,'5','Gold','ext-queues,602,1');

CREATE TABLE `setcid` (
  `cid_id` int(11) NOT NULL AUTO_INCREMENT,
  `description` varchar(150) DEFAULT NULL,
  `cid_name` varchar(150) DEFAULT NULL,
  `cid_num` varchar(150) DEFAULT NULL,
  `dest` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`cid_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `setcid` VALUES (1,'Shop','SHOP ${CALLERID(name)}','${CALLERID(num)}','ext-queues,600,1');

CREATE TABLE `queues_config` (
  `extension` varchar(20) NOT NULL DEFAULT '',
  `descr` varchar(35) NOT NULL DEFAULT '',
  `grppre` varchar(100) NOT NULL DEFAULT '',
  `alertinfo` varchar(254) NOT NULL DEFAULT '',
  `ringing` tinyint(1) NOT NULL DEFAULT 0,
  `maxwait` varchar(8) NOT NULL DEFAULT '',
  `ivr_id` varchar(8) NOT NULL DEFAULT '0',
  `dest` varchar(50) NOT NULL DEFAULT '',
  `agentannounce_id` int(11) DEFAULT NULL,
  `joinannounce_id` int(11) DEFAULT NULL,
  PRIMARY KEY (`extension`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `queues_config` (`extension`, `descr`, `maxwait`, `ivr_id`, `dest`, `joinannounce_id`) VALUES ('600','Orders','300','0','app-announcement-2,s,1',2),('602','Gold','','1','ext-local,vmu101,1',NULL);

CREATE TABLE `queues_details` (
  `id` varchar(45) NOT NULL DEFAULT '-1',
  `keyword` varchar(30) NOT NULL DEFAULT '',
  `data` varchar(150) NOT NULL DEFAULT '',
  `flags` int(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`,`keyword`,`data`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `queues_details` VALUES ('600','announce-frequency','60',0),('600','announce-holdtime','yes',0),('600','autopause','no',0),('600','maxlen','8',0),
('600','member','Local/101@from-queue/n,0',0),('600','member','Local/102@from-queue/n,1',1),('600','queue-youarenext','silence/1',0),('600','reportholdtime','yes',0),('600','strategy','rrmemory',0),('600','timeout','20',0),('600','wrapuptime','15',0),
('600','recording','always',0),('602','recording','dontcare',0),('602','strategy','ringall',0),
('700','strategy','ringall',0);

CREATE TABLE `recordings` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `displayname` varchar(50) DEFAULT NULL,
  `filename` longblob DEFAULT NULL,
  `description` varchar(254) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4;
INSERT INTO `recordings` VALUES (1,'Welcome',0x637573746F6D2F77656C636F6D652D746F2D7468652D73686F70,NULL),(2,'Orders',_binary 'custom/you-want-to-order',''),(3,'Where','custom/where-we-are',NULL),(4,'Closed','custom/we-are-closed',NULL);

CREATE TABLE `ringgroups` (
  `grpnum` varchar(20) NOT NULL,
  `strategy` varchar(50) NOT NULL,
  `grptime` smallint(6) NOT NULL,
  `grplist` varchar(255) NOT NULL,
  `annmsg_id` int(11) DEFAULT NULL,
  `postdest` varchar(255) DEFAULT NULL,
  `description` varchar(35) NOT NULL,
  PRIMARY KEY (`grpnum`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `ringgroups` VALUES ('2000','ringall-prim',30,'101-07700900123#',NULL,'ext-local,vmu101,1','Everybody');

CREATE TABLE `timeconditions` (
  `timeconditions_id` int(11) NOT NULL AUTO_INCREMENT,
  `displayname` varchar(50) DEFAULT NULL,
  `time` int(11) DEFAULT NULL,
  `truegoto` varchar(50) DEFAULT NULL,
  `falsegoto` varchar(50) DEFAULT NULL,
  `timezone` varchar(255) DEFAULT NULL,
  `mode` varchar(20) DEFAULT 'time-group',
  `calendar_id` varchar(150) DEFAULT NULL,
  PRIMARY KEY (`timeconditions_id`)
) ENGINE=InnoDB AUTO_INCREMENT=6 DEFAULT CHARSET=utf8mb4;
INSERT INTO `timeconditions` VALUES (4,'Shop hours',2,'ext-queues,600,1','app-announcement-2,s,1','default','time-group',NULL),(6,'Front door',2,'ivr-1,s,1','app-announcement-2,s,1','default','time-group',NULL),(5,'Holidays',NULL,'app-announcement-2,s,1','ext-queues,600,1','Europe/Madrid','calendar','spanish-holidays');

CREATE TABLE `timegroups_details` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `timegroupid` int(11) NOT NULL DEFAULT 0,
  `time` varchar(100) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4;
INSERT INTO `timegroups_details` VALUES
(1,2,'08:00-17:59|mon-fri|1-31|jan-dec'),
(2,2,'09:00-12:59|sat|*|*');

/*!50003 CREATE TRIGGER `t` BEFORE INSERT ON `users` FOR EACH ROW SET @a = 'x' */;
DELIMITER ;;
CREATE TRIGGER `t2` BEFORE INSERT ON `users` FOR EACH ROW BEGIN SET @a = 'don''t'; END ;;
DELIMITER ;

CREATE TABLE `users` (
  `extension` varchar(20) NOT NULL DEFAULT '',
  `name` varchar(50) DEFAULT NULL,
  `voicemail` varchar(50) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `users` VALUES ('101','Ana Ruiz','default'),('102','Ben, Okafor','novm');

/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;

-- Dump completed on 2026-11-23  3:49:12
