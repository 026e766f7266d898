#!/usr/bin/env python3
"""Writes a new rule's file, its fixture and its line in rules/rule_list.inc.

Usage: tools/new_rule.py ID NAME, for instance MIG042 dropped-table-in-use
"""
import pathlib
import re
import sys

FAMILIES = {"MIG": "migration", "QRY": "query", "PLN": "plan", "IDX": "index", "SRV": "server"}
CHECKS = {
    "migration": (
        "void CheckDrop(const Drop& drop, const Statement& statement, SqlPass& pass) {\n"
        "  if (drop.object != ObjectKind::kTable) return;\n"
        "  pass.Report(kInfo, statement.span, \"say what is wrong\").Primary(\"say what happens here\");\n}\n",
        "MakeSqlRule<&CheckDrop>(kInfo)", "rules/rule.h"),
    "query": (
        "void CheckQuery(const ObservedQuery& query, EvidencePass& pass) {\n"
        "  if (query.blocks.empty()) return;\n"
        "  ReportQuery(kInfo, query, pass, \"say what is wrong\").Primary(\"say what happens here\");\n}\n",
        "MakeQueryRule(kInfo, &CheckQuery)", "rules/query/query_rule.h"),
    "plan": (
        "void CheckPlan(const Plan& plan, EvidencePass& pass) {\n"
        "  for (const PlanNode& node : plan.nodes) {\n"
        "    ReportNode(kInfo, plan, node, 0, pass, \"say what is wrong\");\n  }\n}\n",
        "MakePlanRule(kInfo, &CheckPlan)", "rules/plan/plan_rule.h"),
    "index": (
        "void CheckSchema(EvidencePass& pass) {\n"
        "  for (const Relation* table : pass.catalog().Relations()) {\n"
        "    pass.Report(kInfo, table->origin.span, \"say what is wrong\").On(table->name.ToString());\n  }\n}\n",
        "MakeEvidenceRule(kInfo, &CheckSchema)", "rules/rule.h"),
    "server": (
        "void CheckLog(EvidencePass& pass) {\n"
        "  const EventStats* events = EventsOf(pass, Event::kOtherError);\n"
        "  if (events != nullptr) ReportEvents(kInfo, *events, pass, \"say what is wrong\");\n}\n",
        "MakeEvidenceRule(kInfo, &CheckLog)", "rules/server/server_rule.h"),
}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    rule_id, name = sys.argv[1:]
    if not re.fullmatch(r"(MIG|QRY|PLN|IDX|SRV)\d{3}", rule_id):
        sys.exit(f"{rule_id}: an id is one of {', '.join(FAMILIES)} and three digits, like MIG042")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name):
        sys.exit(f"{name}: a name is kebab-case and names the bad thing, like dropped-table-in-use")
    root = pathlib.Path(__file__).resolve().parent.parent
    rules = root / "rules/rule_list.inc"
    lines = rules.read_text().splitlines()
    if any(line.endswith("// " + rule_id) for line in lines):
        sys.exit(f"{rule_id} is taken; ids are never used again")
    family = FAMILIES[rule_id[:3]]
    file = name.replace("-", "_")
    symbol = "".join(part.capitalize() for part in name.split("-"))
    source = root / "rules" / family / f"{file}.cc"
    if source.exists():
        sys.exit(f"{source.relative_to(root)} is there already")
    check, make, header = CHECKS[family]
    source.write_text(f"""// {rule_id} {name}: say what it finds.

#include "{header}"

namespace pgsift::{file} {{
namespace {{

constexpr RuleInfo kInfo = Checked({{
    .id = "{rule_id}",
    .name = "{name}",
    .category = Category::kCorrectness,
    .severity = Severity::kWarning,
    .since_pg = {{10, 0}},
    .summary = "one line, no full stop",
    .why = "What happens in production.",
    .instead = "What to do.",
    .bad = "",
    .good = "",
}});

{check}
}}  // namespace

extern constinit const Rule k{symbol} = {make};

}}  // namespace pgsift::{file}
""")
    entry = f"PGSIFT_RULE({family}, {file}, {symbol})  // {rule_id}"
    at = next((i for i, line in enumerate(lines)
               if line.startswith("PGSIFT_RULE") and line.rsplit(" ", 1)[-1] > rule_id), len(lines))
    lines.insert(at, entry)
    rules.write_text("\n".join(lines) + "\n")
    fixture = root / "testdata/rules" / name / "cases.sql"
    fixture.parent.mkdir(parents=True, exist_ok=True)
    fixture.write_text("-- Why this case is here. A line that must be reported ends in the mark.\nDROP TABLE t; -- want\n")
    for path in (source, fixture, rules):
        print(path.relative_to(root))


main()
