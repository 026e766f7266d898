-- Publications, subscriptions, extended statistics.
-- schema: shop
CREATE SCHEMA feeds;
CREATE TABLE feeds.news (id int PRIMARY KEY, title text, lang text);
CREATE TABLE feeds.alerts (id int PRIMARY KEY, level int);
CREATE TABLE feeds.daily (id int, day date) PARTITION BY RANGE (day);
CREATE TABLE feeds.daily_1 PARTITION OF feeds.daily FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE feeds.stories () INHERITS (feeds.news);
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION old_feed FOR TABLE feeds.alerts, feeds.daily;
CREATE STATISTICS feeds.old_stats ON id, level FROM feeds.alerts;
INSERT INTO feeds.news VALUES (1, 'a', 'de');
-- statements
CREATE PUBLICATION empty_feed;
CREATE PUBLICATION news_feed FOR TABLE feeds.news;
CREATE PUBLICATION only_news FOR TABLE ONLY feeds.news WITH (publish = 'insert');
CREATE PUBLICATION daily_feed FOR TABLE feeds.daily, feeds.alerts WITH (publish_via_partition_root = true);
-- pg: 15-
CREATE PUBLICATION filtered FOR TABLE feeds.alerts (id, level) WHERE (id > 3);
-- pg: 15-
CREATE PUBLICATION schema_feed FOR TABLES IN SCHEMA feeds;
CREATE PUBLICATION all_feed FOR ALL TABLES;
ALTER PUBLICATION empty_feed ADD TABLE feeds.alerts;
ALTER PUBLICATION empty_feed ADD TABLE orders, customers;
ALTER PUBLICATION empty_feed SET TABLE feeds.daily, orders;
ALTER PUBLICATION empty_feed DROP TABLE orders;
-- pg: 15-
ALTER PUBLICATION empty_feed ADD TABLES IN SCHEMA audit;
-- pg: 15-
ALTER PUBLICATION empty_feed ADD TABLES IN SCHEMA feeds;
ALTER PUBLICATION empty_feed SET (publish = 'insert, update');
ALTER PUBLICATION empty_feed RENAME TO mixed_feed;
ALTER PUBLICATION mixed_feed OWNER TO CURRENT_USER;
COMMENT ON PUBLICATION mixed_feed IS 'mixed';
DROP PUBLICATION mixed_feed;
DROP PUBLICATION IF EXISTS mixed_feed, old_feed_of_old;
DROP PUBLICATION news_feed, only_news;
CREATE STATISTICS feeds.news_stats (dependencies) ON title, lang FROM feeds.news;
CREATE STATISTICS IF NOT EXISTS feeds.news_stats ON title, lang FROM feeds.news;
-- pg: 14-
CREATE STATISTICS feeds.news_lower ON (lower(title)), lang FROM feeds.news;
CREATE STATISTICS customers_stats (ndistinct, mcv) ON tier, nick FROM customers;
ALTER STATISTICS feeds.news_stats SET STATISTICS 500;
ALTER STATISTICS feeds.news_stats RENAME TO news_statistics;
ALTER STATISTICS feeds.news_statistics OWNER TO CURRENT_USER;
-- pg: 14-
ALTER STATISTICS feeds.news_lower SET SCHEMA audit;
COMMENT ON STATISTICS customers_stats IS 'tiers';
ALTER TABLE feeds.news ALTER COLUMN lang TYPE varchar;
ALTER TABLE feeds.alerts DROP COLUMN level CASCADE;
DROP STATISTICS customers_stats;
DROP STATISTICS IF EXISTS customers_stats;
CREATE SUBSCRIPTION from_afar CONNECTION 'host=nowhere.invalid dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE);
ALTER SUBSCRIPTION from_afar SET (synchronous_commit = off);
ALTER SUBSCRIPTION from_afar CONNECTION 'host=elsewhere.invalid dbname=x';
ALTER SUBSCRIPTION from_afar RENAME TO from_further;
DROP SUBSCRIPTION from_further;
DROP TABLE feeds.daily;
