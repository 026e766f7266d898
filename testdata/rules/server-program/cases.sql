COPY orders FROM PROGRAM 'curl http://example.com/orders.csv'; -- want
COPY orders TO STDOUT;
