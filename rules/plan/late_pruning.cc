// PLN020 late-pruning: planning takes long over very many partitions.

#include "rules/plan/plan_rule.h"

namespace pgsift::late_pruning {
namespace {

constexpr RuleOption kOptions[] = {
    {"partitions_min", 100, "partitions planned, more than"},
    {"planning_share_min", 0.3, "share of the planning time, at least"},
};

constexpr RuleInfo kInfo = Checked({
    .id = "PLN020",
    .name = "late-pruning",
    .category = Category::kPerformance,
    .severity = Severity::kInfo,
    .since_pg = {11, 0},
    .summary = "planning takes long over very many partitions",
    .why = R"md(
Each partition that is not left out early is planned. Fires when planning takes `planning_share_min` of
planning and execution together and more than `partitions_min` partitions were planned.
)md",
    .instead = R"md(
Pass constants, so that the planner can leave partitions out; fewer and larger partitions; prepared
statements with a generic plan.
)md",
    .bad =
        R"text(Append  (cost=0.00..900.00 rows=9 width=8) (actual time=0.1..9.0 rows=90 loops=1)
  ->  Seq Scan on t_1  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_2  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_3  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_4  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_5  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_6  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_7  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_8  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_9  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_10  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_11  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_12  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_13  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_14  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_15  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_16  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_17  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_18  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_19  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_20  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_21  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_22  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_23  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_24  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_25  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_26  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_27  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_28  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_29  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_30  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_31  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_32  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_33  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_34  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_35  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_36  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_37  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_38  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_39  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_40  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_41  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_42  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_43  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_44  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_45  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_46  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_47  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_48  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_49  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_50  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_51  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_52  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_53  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_54  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_55  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_56  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_57  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_58  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_59  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_60  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_61  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_62  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_63  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_64  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_65  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_66  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_67  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_68  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_69  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_70  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_71  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_72  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_73  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_74  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_75  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_76  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_77  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_78  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_79  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_80  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_81  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_82  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_83  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_84  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_85  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_86  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_87  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_88  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_89  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_90  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_91  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_92  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_93  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_94  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_95  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_96  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_97  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_98  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_99  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_100  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_101  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_102  (cost=0.00..90.00 rows=1 width=8) (never executed)
Planning Time: 30.0 ms
Execution Time: 10.0 ms)text",
    .good =
        R"text(Append  (cost=0.00..900.00 rows=9 width=8) (actual time=0.1..9.0 rows=90 loops=1)
  ->  Seq Scan on t_1  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_2  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_3  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_4  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_5  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_6  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_7  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_8  (cost=0.00..90.00 rows=1 width=8) (never executed)
  ->  Seq Scan on t_9  (cost=0.00..90.00 rows=1 width=8) (never executed)
Planning Time: 30.0 ms
Execution Time: 10.0 ms)text",
    .options = kOptions,
});

void CheckNode(const Plan& plan, const PlanNode& node, EvidencePass& pass) {
  if (node.type != "Append" && node.type != "Merge Append") return;
  const double planned = static_cast<double>(node.children.size()) + node.subplans_removed;
  if (planned <= pass.option(kInfo, "partitions_min")) return;
  const double whole = plan.planning_ms + plan.WholeMs();
  if (plan.planning_ms < pass.option(kInfo, "planning_share_min") * whole || plan.planning_ms <= 0)
    return;
  ReportPlan(kInfo, plan, plan.planning_ms / 2, pass,
             absl::StrFormat("planning took %s, with %s partitions", HumanMs(plan.planning_ms),
                             Count(planned)))
      .Primary(absl::StrFormat("execution took %s", HumanMs(plan.WholeMs())))
      .Measure("planning_ms", plan.planning_ms, "ms")
      .Measure("partitions", planned, "1")
      .Help("compare the partition key with constants, or prepare the statement");
}

}  // namespace

extern constinit const Rule kLatePruning = MakePlanRule(kInfo, &ForEachNode<CheckNode>);

}  // namespace pgsift::late_pruning
