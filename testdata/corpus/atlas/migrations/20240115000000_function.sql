-- atlas:delimiter \n\n

CREATE FUNCTION cart_total(bigint) RETURNS bigint AS $$
  SELECT sum(qty) FROM items WHERE cart_id = $1;
$$ LANGUAGE sql STABLE;

COMMENT ON FUNCTION cart_total(bigint) IS 'pieces in a cart'
