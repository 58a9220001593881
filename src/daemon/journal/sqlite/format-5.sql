-- Why a call ended as it did, where the outcome does not say it.
ALTER TABLE cdr ADD COLUMN detail TEXT;
