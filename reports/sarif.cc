// SARIF 2.1.0, as code scanning services read it.

#include <algorithm>
#include <vector>

#include "base/json_writer.h"
#include "base/text.h"
#include "reports/finding_lines.h"

namespace pgsift {
namespace {

// GitHub takes 25,000 results of one run and shows 5,000.
constexpr size_t kResultsMax = 25'000;

const char* Level(Severity severity) {
  return severity == Severity::kError     ? "error"
         : severity == Severity::kWarning ? "warning"
                                          : "note";
}

// A path as a URI reference: what RFC 3986 does not allow as it is becomes %XX.
std::string Uri(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri;
  for (char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '-' || c == '_' || c == '~';
    if (plain) {
      uri += c;
    } else {
      uri += '%';
      uri += kHex[static_cast<unsigned char>(c) >> 4];
      uri += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return uri;
}

void WriteLocation(const FindingLine& line, JsonWriter* json) {
  json->BeginObject().Key("physicalLocation").BeginObject();
  json->Key("artifactLocation").BeginObject().Field("uri", Uri(line.path)).EndObject();
  json->Key("region").BeginObject().Field("startLine", std::max<uint64_t>(1, line.line));
  json->Field("startColumn", line.column).Field("endLine", std::max(line.end_line, line.line));
  json->Field("endColumn", std::max<uint64_t>(1, line.end_column));
  json->EndObject().EndObject().EndObject();
}

void WriteRules(const std::vector<const RuleInfo*>& rules, JsonWriter* json) {
  json->Key("rules").BeginArray();
  for (const RuleInfo* rule : rules) {
    json->BeginObject().Field("id", rule->id).Field("name", rule->name);
    json->Key("shortDescription").BeginObject().Field("text", rule->summary).EndObject();
    json->Key("fullDescription").BeginObject().Field("text", Trim(rule->why)).EndObject();
    json->Key("help").BeginObject().Field("text", Trim(rule->instead));
    json->Field("markdown", Trim(rule->instead)).EndObject();
    json->Key("defaultConfiguration")
        .BeginObject()
        .Field("level", Level(rule->severity))
        .EndObject();
    json->Key("properties").BeginObject().Key("tags").BeginArray();
    json->String(CategoryName(rule->category)).String(FamilyName(FamilyOf(*rule)));
    json->EndArray().EndObject().EndObject();
  }
  json->EndArray();
}

// What may be applied, as SARIF's own replacements of bytes.
void WriteFixes(const Finding& finding, const SourceSet& sources, JsonWriter* json) {
  std::vector<const Fix*> fixes;
  for (const Fix& fix : finding.fixes) {
    if (fix.safety >= FixSafety::kUnsafe && !fix.edits.empty()) fixes.push_back(&fix);
  }
  if (fixes.empty()) return;
  json->Key("fixes").BeginArray();
  for (const Fix* fix : fixes) {
    json->BeginObject().Key("description").BeginObject().Field("text", fix->title).EndObject();
    json->Key("artifactChanges").BeginArray().BeginObject();
    json->Key("artifactLocation").BeginObject();
    json->Field("uri", Uri(sources.path(fix->edits.front().span.file))).EndObject();
    json->Key("replacements").BeginArray();
    for (const Edit& edit : fix->edits) {
      json->BeginObject().Key("deletedRegion").BeginObject();
      json->Field("byteOffset", edit.span.begin);
      json->Field("byteLength", static_cast<uint64_t>(edit.span.size)).EndObject();
      json->Key("insertedContent").BeginObject().Field("text", edit.text).EndObject();
      json->EndObject();
    }
    json->EndArray().EndObject().EndArray().EndObject();
  }
  json->EndArray();
}

}  // namespace

std::string RenderSarif(const Report& report) {
  Places places(*report.sources);
  std::vector<const Finding*> results;
  std::vector<const RuleInfo*> rules;
  for (const Finding& finding : report.findings) {
    results.push_back(&finding);
    if (std::find(rules.begin(), rules.end(), finding.rule) == rules.end())
      rules.push_back(finding.rule);
  }
  std::sort(rules.begin(), rules.end(),
            [](const RuleInfo* a, const RuleInfo* b) { return a->id < b->id; });
  // The gravest first, so that what a limit cuts off matters least.
  std::stable_sort(results.begin(), results.end(),
                   [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
  if (results.size() > kResultsMax) results.resize(kResultsMax);
  JsonWriter json(JsonWriter::Layout::kIndented);
  json.BeginObject().Field("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json.Field("version", "2.1.0").Key("runs").BeginArray().BeginObject();
  json.Key("tool").BeginObject().Key("driver").BeginObject().Field("name", "pgsift");
  json.Field("version", report.tool_version);
  WriteRules(rules, &json);
  json.EndObject().EndObject().Field("columnKind", "unicodeCodePoints");
  json.Key("results").BeginArray();
  for (const Finding* finding : results) {
    json.BeginObject().Field("ruleId", finding->rule->id);
    const auto at = std::find(rules.begin(), rules.end(), finding->rule) - rules.begin();
    json.Field("ruleIndex", static_cast<int64_t>(at)).Field("level", Level(finding->severity));
    std::string text = finding->message;
    for (const std::string& help : finding->helps) text += "\nhelp: " + help;
    json.Key("message").BeginObject().Field("text", text).EndObject();
    json.Key("locations").BeginArray();
    WriteLocation(LineOf(*finding, &places), &json);
    json.EndArray();
    json.Key("partialFingerprints").BeginObject();
    // The name that GitHub's code scanning goes by.
    json.Field("primaryLocationLineHash", Hex64(finding->fingerprint) + ":1");
    json.Field("pgsift/v1", Hex64(finding->fingerprint)).EndObject();
    WriteFixes(*finding, *report.sources, &json);
    if (finding->suppressed) {
      json.Key("suppressions")
          .BeginArray()
          .BeginObject()
          .Field("kind",
                 finding->suppressed_because == "in the baseline" ? "external" : "inSource");
      json.Field("justification", finding->suppressed_because).EndObject().EndArray();
    }
    json.EndObject();
  }
  json.EndArray().EndObject().EndArray().EndObject();
  return json.Take() + "\n";
}

}  // namespace pgsift
