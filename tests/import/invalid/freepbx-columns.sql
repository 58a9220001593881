INSERT INTO `ivr_details` VALUES (1,'Front desk');
