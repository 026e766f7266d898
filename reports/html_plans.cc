#include "reports/html_plans.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "reports/html_assets.h"
#include "reports/html_plan_viewer.h"
#include "reports/html_text.h"

namespace pgsift {
namespace {

constexpr size_t kNodesShown = 1000;  // Of one plan.
constexpr int kDepthShown = 200;      // Browsers do not like elements nested deeper.
constexpr size_t kPlansShown = 200;

std::string AnchorOf(size_t plan, int node) { return absl::StrFormat("plan%d-node%d", plan, node); }

std::string NameOf(const PlanNodeReport& node) {
  std::string name = node.type;
  for (const auto& [key, text] : node.texts) {
    if ((key == "join_type" && text != "Inner") || key == "operation" ||
        (key == "strategy" && text != "Plain"))
      name += " (" + text + ")";
  }
  if (!node.index.empty()) name += " using " + node.index;
  if (!node.relation.empty()) name += " on " + node.relation;
  if (node.relationship.find(' ') != std::string::npos) name = node.relationship + ": " + name;
  return name;
}

class PlanPage {
 public:
  PlanPage(const Report& report, const PlanPlaces& places) : report_(report) {
    for (const Finding& finding : report.findings) {
      size_t plan = 0;
      int node = 0;
      if (!finding.suppressed && places.NodeOf(finding, &plan, &node))
        findings_[{plan, node}].push_back(&finding);
    }
  }

  std::string Write() {
    if (report_.plan_comparisons.has_value()) Comparisons(*report_.plan_comparisons);
    if (!report_.plans.has_value() || report_.plans->empty()) return std::move(out_);
    out_ += "<h2>Plans</h2>\n";
    for (size_t i = 0; i < report_.plans->size(); ++i) {
      if (i == kPlansShown) {
        out_ += absl::StrFormat("<p class=\"soft\">%d plans more: in the JSON report</p>\n",
                                report_.plans->size() - kPlansShown);
        break;
      }
      WritePlan(i);
    }
    if (viewers_ > 0) {
      out_ += "<script type=\"application/octet-stream\" id=\"plan-viewer\">";
      out_ += HtmlPlanViewer();
      out_ += "</script>\n";
    }
    return std::move(out_);
  }

 private:
  void WritePlan(size_t index) {
    const PlanReport& plan = (*report_.plans)[index];
    const std::string root =
        plan.nodes.empty() ? std::string()
                           : plan.nodes.front().type + ", " + Counted(plan.nodes.size(), "node");
    out_ += absl::StrFormat(
        "<details class=\"finding\"%s><summary><span class=\"mono\">%s</span><span>%s</span>"
        "<span class=\"where mono\">%s:%d</span></summary><div class=\"body\">\n",
        report_.plans->size() == 1 ? " open" : "",
        plan.analyzed ? HumanMs(plan.execution_ms) : "plan",
        HtmlEscaped(plan.query.empty() ? root : OneLine(plan.query, 160)), HtmlEscaped(plan.path),
        plan.line);
    if (plan.truncated)
      out_ += "<p class=\"soft\">The input broke off: this is what was whole.</p>\n";
    std::string facts;
    if (plan.planning_ms > 0) facts += "planned in " + HumanMs(plan.planning_ms);
    for (const auto& [name, value] : plan.numbers) {
      if (name == "runs") {
        facts += (facts.empty() ? "" : ", ") + std::string("the slowest of ") +
                 Grouped(static_cast<uint64_t>(value));
      }
      if (!name.ends_with("_ms")) continue;
      facts += (facts.empty() ? "" : ", ") + name.substr(0, name.size() - 3) + " " + HumanMs(value);
    }
    if (!facts.empty()) out_ += "<p class=\"soft\">" + HtmlEscaped(facts) + "</p>\n";
    for (const PlanTriggerReport& trigger : plan.triggers) {
      out_ += absl::StrFormat("<p class=\"soft\">trigger %s: %s, %.0f calls</p>\n",
                              HtmlEscaped(trigger.name.empty() ? trigger.constraint : trigger.name),
                              HumanMs(trigger.time_ms), trigger.calls);
    }
    const bool viewer = WriteViewer(index, plan);
    double worst = 0;
    for (const PlanNodeReport& node : plan.nodes) worst = std::max(worst, node.share);
    // Children by parent, so that the tree can be written in one walk.
    std::vector<std::vector<int>> children(plan.nodes.size());
    for (const PlanNodeReport& node : plan.nodes) {
      if (node.parent >= 0) children[static_cast<size_t>(node.parent)].push_back(node.id);
    }
    if (viewer) out_ += "<details class=\"plan-tree\" open><summary>As a tree</summary>\n";
    shown_ = 0;
    if (!plan.nodes.empty()) WriteNode(index, plan, 0, worst, children);
    if (shown_ < plan.nodes.size()) {
      out_ += absl::StrFormat("<p class=\"soft\">%d nodes more: in the JSON report</p>\n",
                              plan.nodes.size() - shown_);
    }
    if (viewer) out_ += "</details>\n";
    out_ += "</div></details>\n";
  }

  // The place of the viewer, hidden until the script puts it there, with the plan's findings beside
  // it. False: the plan is empty or too big for the viewer.
  bool WriteViewer(size_t index, const PlanReport& plan) {
    if (plan.nodes.empty() || plan.nodes.size() > kNodesShown) return false;
    for (const PlanNodeReport& node : plan.nodes) {
      if (node.depth > kDepthShown) return false;
    }
    NodeRemarks remarks;
    std::string list;
    for (auto found = findings_.lower_bound({index, 0});
         found != findings_.end() && found->first.first == index; ++found) {
      const int id = found->first.second;
      for (const Finding* finding : found->second) {
        remarks.emplace_back(id, std::string(finding->rule->name));
        list += absl::StrFormat(
            "<button type=\"button\" class=\"plan-pick %s\" data-node=\"%d\"><span "
            "class=\"severity\">%s</span> <span class=\"soft mono\">#%d %s</span><br>%s</button>\n",
            SeverityName(finding->severity), id, SeverityName(finding->severity), id + 1,
            finding->rule->id, HtmlInline(finding->message));
      }
    }
    if (list.empty()) list = "<p class=\"soft\">No findings about this plan.</p>\n";
    out_ += absl::StrFormat(
        "<div class=\"plan-view\" data-plan=\"%d\" hidden><div class=\"plan-frame\"></div><div "
        "class=\"plan-picks\">%s</div><script type=\"application/json\">%s</script></div>\n",
        index, list, PlanForViewer(plan, remarks));
    ++viewers_;
    return true;
  }

  void WriteNode(size_t index, const PlanReport& plan, int id, double worst,
                 const std::vector<std::vector<int>>& children) {
    const PlanNodeReport& node = plan.nodes[static_cast<size_t>(id)];
    if (shown_ >= kNodesShown || node.depth > kDepthShown) return;
    ++shown_;
    std::string rows = absl::StrFormat("%.0f rows", node.analyzed ? node.rows : node.rows_planned);
    if (node.analyzed) {
      if (node.rows_planned > 0) rows += absl::StrFormat(", %.0f planned", node.rows_planned);
      const double factor =
          node.misestimate >= 1 ? node.misestimate : 1 / std::max(1e-9, node.misestimate);
      if (factor >= 10 && !node.never_executed)
        rows +=
            absl::StrFormat(" <b>%.0fx %s</b>", factor, node.misestimate >= 1 ? "more" : "fewer");
      if (node.loops > 1) rows += absl::StrFormat(", %.0f loops", node.loops);
      if (node.never_executed) rows = "never executed";
    }
    out_ += absl::StrFormat(
        "<details class=\"plan-node%s%s\" id=\"%s\" open><summary><span class=\"bar\" "
        "style=\"width:%.0fpx\"></span><b class=\"mono\">%s</b> <span "
        "class=\"mono\">%.0f&thinsp;%% "
        "%s</span> <span class=\"soft\">%s</span></summary>\n",
        node.share == worst && worst > 0 ? " worst" : "", node.critical ? " critical" : "",
        AnchorOf(index, id), std::max(1.0, std::round(200 * node.share)), HtmlEscaped(NameOf(node)),
        100 * node.share,
        plan.timed ? HumanMs(node.exclusive_ms) : absl::StrFormat("cost %.0f", node.cost), rows);
    const auto found = findings_.find({index, id});
    if (found != findings_.end()) {
      for (const Finding* finding : found->second) {
        out_ += absl::StrFormat(
            "<p class=\"plan-finding %s\"><span class=\"severity\">%s</span> %s "
            "<span class=\"soft mono\">%s</span>",
            SeverityName(finding->severity), SeverityName(finding->severity),
            HtmlInline(finding->message), finding->rule->id);
        for (const std::string& help : finding->helps) out_ += "<br>" + HtmlInline(help);
        out_ += "</p>\n";
      }
    }
    Details(node);
    for (int child : children[static_cast<size_t>(id)])
      WriteNode(index, plan, child, worst, children);
    out_ += "</details>\n";
  }

  void Details(const PlanNodeReport& node) {
    static const std::set<std::string> kInName = {
        "join_type", "operation", "strategy", "alias", "schema", "partial_mode", "scan_direction"};
    std::string list;
    const auto add = [&](const std::string& name, const std::string& value) {
      list +=
          "<dt>" + HtmlEscaped(name) + "</dt><dd class=\"mono\">" + HtmlEscaped(value) + "</dd>";
    };
    for (const auto& [name, text] : node.texts) {
      if (!kInName.contains(name)) add(name, OneLine(text, 1000));
    }
    for (const auto& [name, items] : node.lists) {
      std::string joined;
      for (const std::string& item : items) joined += (joined.empty() ? "" : ", ") + item;
      add(name, OneLine(joined, 1000));
    }
    for (const auto& [name, value] : node.numbers) {
      if (name != "startup_cost" && name != "own_cost") add(name, absl::StrFormat("%.10g", value));
    }
    if (node.rows_removed > 0) add("rows_removed", absl::StrFormat("%.0f", node.rows_removed));
    for (const auto& [name, value] : node.own_buffers)
      add("own " + name, absl::StrFormat("%.10g", value));
    if (list.empty()) return;
    out_ += "<details class=\"plan-detail\"><summary class=\"soft\">" +
            HtmlEscaped(node.detail.empty() ? "details" : OneLine(node.detail, 200)) +
            "</summary><dl class=\"remarks\">" + list + "</dl></details>\n";
  }

  void Comparisons(const std::vector<PlanComparisonReport>& comparisons) {
    out_ += "<h2>Comparison</h2>\n";
    for (const PlanComparisonReport& comparison : comparisons) {
      out_ += absl::StrFormat(
          "<h3>%s</h3><p>%s, %s</p>\n<div class=\"scroll\"><table><thead><tr><th>change</th>"
          "<th class=\"n\">time before</th><th class=\"n\">after</th><th class=\"n\">rows "
          "before</th>"
          "<th class=\"n\">after</th><th>node</th></tr></thead><tbody>\n",
          HtmlEscaped(comparison.query.empty() ? comparison.after_path
                                               : OneLine(comparison.query, 200)),
          comparison.verdict,
          comparison.timed ? HumanMs(comparison.before_ms) + " before, " +
                                 HumanMs(comparison.after_ms) + " after"
                           : absl::StrFormat("cost %.0f before, %.0f after", comparison.before_cost,
                                             comparison.after_cost));
      for (const PlanChangeReport& change : comparison.changes) {
        const bool had = change.before >= 0;
        const bool has = change.after >= 0;
        std::string name = had ? change.before_node : change.after_node;
        if (had && has && change.before_node != change.after_node)
          name += " → " + change.after_node;
        out_ += absl::StrFormat(
            "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td "
            "class=\"n\">%s</td><td "
            "class=\"n\">%s</td><td><span class=\"tree mono\">%s</span>%s</td></tr>\n",
            change.what, had && comparison.timed ? HumanMs(change.before_ms) : "",
            has && comparison.timed ? HumanMs(change.after_ms) : "",
            had ? absl::StrFormat("%.0f", change.before_rows) : "",
            has ? absl::StrFormat("%.0f", change.after_rows) : "",
            std::string(static_cast<size_t>(std::min(change.depth, 40)) * 2, ' '),
            HtmlEscaped(name));
      }
      out_ += "</tbody></table></div>\n";
    }
  }

  const Report& report_;
  std::string out_;
  size_t shown_ = 0;
  size_t viewers_ = 0;
  std::map<std::pair<size_t, int>, std::vector<const Finding*>> findings_;
};

}  // namespace

PlanPlaces::PlanPlaces(const Report& report) : report_(report) {
  if (!report.plans.has_value()) return;
  for (size_t i = 0; i < report.plans->size(); ++i) {
    const PlanReport& plan = (*report.plans)[i];
    plans_.try_emplace({plan.path, plan.offset}, i);
    for (const PlanNodeReport& node : plan.nodes) plans_.try_emplace({plan.path, node.offset}, i);
  }
}

bool PlanPlaces::NodeOf(const Finding& finding, size_t* plan, int* node) const {
  if (!finding.primary.span.known()) return false;
  for (const EvidenceItem& item : finding.evidence) {
    if (item.kind != "plan" || !item.ref.starts_with("node ")) continue;
    const auto found = plans_.find({item.input, finding.primary.span.begin});
    if (found == plans_.end()) continue;
    *plan = found->second;
    *node = std::atoi(item.ref.c_str() + 5);
    if (*node >= 0 && static_cast<size_t>(*node) < (*report_.plans)[*plan].nodes.size())
      return true;
  }
  return false;
}

std::string PlanPlaces::Anchor(const Finding& finding) const {
  size_t plan = 0;
  int node = 0;
  return NodeOf(finding, &plan, &node) ? AnchorOf(plan, node) : std::string();
}

std::string HtmlPlans(const Report& report, const PlanPlaces& places) {
  return PlanPage(report, places).Write();
}

}  // namespace pgsift
