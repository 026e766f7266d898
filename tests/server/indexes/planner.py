"""What a real server's planner says of a workload: costs, sizes, and the sets of indexes that other methods find."""

import itertools
import re

COST = re.compile(r"cost=[0-9.]+\.\.([0-9.]+)")


def top_cost(cursor, sql):
    cursor.execute("EXPLAIN " + sql)
    rows = [row[0] for row in cursor.fetchall()]
    return float(COST.search(rows[0]).group(1)), "\n".join(rows)


def cost_of(cursor, query, samples=None):
    chosen = query.samples[:samples] if samples else query.samples
    return sum(top_cost(cursor, sql)[0] for sql in chosen) / len(chosen)


def workload_cost(cursor, queries):
    return sum(query.weight * cost_of(cursor, query) for query in queries)


def used_indexes(cursor, queries, names):
    """Of `names`, those that some plan of the workload reads."""
    used = set()
    for query in queries:
        for sql in query.samples:
            plan = top_cost(cursor, sql)[1]
            used.update(name for name in names if name not in used and re.search(rf"\b{re.escape(name)}\b", plan))
    return used


def columns_by_table(cursor):
    cursor.execute(
        "SELECT c.relname, a.attname, t.typname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " JOIN pg_type t ON t.oid = a.atttypid WHERE n.nspname = 'public' AND c.relkind = 'r'"
        " ORDER BY c.relname, a.attnum")
    tables = {}
    for table, column, kind in cursor.fetchall():
        if kind in ("json", "jsonb", "tsvector", "tsrange", "tstzrange", "daterange") or kind.startswith("_"):
            continue
        tables.setdefault(table, []).append(column)
    return tables


def named_columns(query, tables, deep=False):
    """The columns that a statement names, of the tables that it names. `deep`: not those of its select list."""
    text = query.samples[0]
    if deep and re.match(r"\s*select\b", text, re.I):
        at = re.search(r"\bfrom\b", text, re.I)
        text = text[at.start():] if at else text
    words = set(re.findall(r"[a-z_][a-z_0-9]*", query.samples[0].lower()))
    inside = set(re.findall(r"[a-z_][a-z_0-9]*", text.lower()))
    return {table: [c for c in columns if c in inside] for table, columns in tables.items() if table in words}


def candidates_of(query, tables, width):
    for table, columns in named_columns(query, tables, deep=True).items():
        for count in range(1, width + 1):
            for keys in itertools.permutations(columns[:7], count):
                yield table, keys


def create(cursor, table, keys):
    cursor.execute("SELECT indexrelid, indexname FROM hypopg_create_index(%s)",
                   (f"CREATE INDEX ON {table} ({', '.join(keys)})",))
    return cursor.fetchone()


def drop(cursor, oid):
    cursor.execute("SELECT hypopg_drop_index(%s)", (oid,))


def greedy(cursor, queries, share_min=0.0005, indexes_max=40, width=3):
    """Asks the planner about every index of up to `width` columns of each statement; picks the best, again and again.

    Returns the list of (table, keys).
    """
    tables = columns_by_table(cursor)
    cursor.execute("SELECT hypopg_reset()")
    current = [query.weight * cost_of(cursor, query, 1) for query in queries]
    total = sum(current)
    asked = {}
    for number, query in enumerate(queries):
        for candidate in candidates_of(query, tables, width):
            asked.setdefault(candidate, set()).add(number)
    # A statement that names the first column of a candidate of another one may use it as well.
    firsts = [named_columns(query, tables, deep=True) for query in queries]
    for (table, keys), numbers in asked.items():
        numbers.update(n for n, named in enumerate(firsts) if keys[0] in named.get(table, ()))

    def gain(candidate):
        oid, _ = create(cursor, *candidate)
        saved = sum(current[n] - queries[n].weight * cost_of(cursor, queries[n], 1) for n in asked[candidate])
        drop(cursor, oid)
        return saved

    # What one saves never grows much as others are added: the stale figure is where to look first.
    bounds = {candidate: gain(candidate) for candidate in sorted(asked)}
    bounds = {candidate: saved for candidate, saved in bounds.items() if saved > share_min * total}
    chosen = []
    while bounds and len(chosen) < indexes_max:
        best, best_saved = None, share_min * total
        for candidate, bound in sorted(bounds.items(), key=lambda item: (-item[1], item[0])):
            if bound <= best_saved:
                break
            bounds[candidate] = saved = gain(candidate)
            if saved > best_saved:
                best, best_saved = candidate, saved
        if best is None:
            break
        create(cursor, *best)
        del bounds[best]
        chosen.append(best)
        for number in asked[best]:
            current[number] = queries[number].weight * cost_of(cursor, queries[number], 1)
    cursor.execute("SELECT hypopg_reset()")
    return chosen


def dexter(cursor, queries, cost_min=100, savings_min=0.5):
    """The method of Dexter: per statement, all single columns, then all pairs; what the plan uses is proposed."""
    tables = columns_by_table(cursor)
    found = set()
    for query in queries:
        cursor.execute("SELECT hypopg_reset()")
        before = cost_of(cursor, query, 1)
        if before < cost_min:
            continue
        named = named_columns(query, tables)
        made = {}

        def explain():
            cost, plan = top_cost(cursor, query.samples[0])
            return cost, [made[name] for name in made if name in plan]

        for table, columns in named.items():
            for column in columns:
                made[create(cursor, table, (column,))[1]] = (table, (column,))
        single_cost, single = explain()
        for table, columns in named.items():
            for keys in itertools.permutations(columns[:12], 2):
                made[create(cursor, table, keys)[1]] = (table, keys)
        pair_cost, pair = explain()
        pairs = single_cost > cost_min and pair_cost < savings_min * single_cost
        used = pair if pairs and sum(len(keys) == 2 for _, keys in pair) <= 1 else single
        cost = pair_cost if used is pair else single_cost
        if len(used) > 1:
            alone = []
            for candidate in used:
                cursor.execute("SELECT hypopg_reset()")
                create(cursor, *candidate)
                alone.append((cost_of(cursor, query, 1), candidate))
            cost, best = min(alone)
            used = [best]
        if used and cost < before * (1 - savings_min):
            found.update(used)
    cursor.execute("SELECT hypopg_reset()")
    return sorted(one for one in found
                  if not any(one[0] == other[0] and one != other and other[1][:len(one[1])] == one[1] for other in found))


class Built:
    """Indexes that are really built; dropped again at the end of the block."""

    def __init__(self, cursor, statements):
        self.cursor = cursor
        self.statements = statements
        self.names = []
        self.bytes = 0
        self.sizes = {}

    def __enter__(self):
        self.cursor.execute("SELECT indexrelid FROM pg_index")
        before = {row[0] for row in self.cursor.fetchall()}
        for sql in self.statements:
            self.cursor.execute(sql.replace(" CONCURRENTLY", ""))
        self.cursor.execute("ANALYZE")
        self.cursor.execute("SELECT indexrelid, indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index"
                            " WHERE indrelid >= 16384")
        for oid, name, size in self.cursor.fetchall():
            if oid not in before and not name.startswith("pg_toast"):
                self.names.append(name)
                self.bytes += size
                self.sizes[name] = size
        return self

    def __exit__(self, *_):
        for name in self.names:
            self.cursor.execute(f"DROP INDEX {name}")
