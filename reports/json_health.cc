#include "reports/json_health.h"

#include "reports/places.h"

namespace pgsift {
namespace {

constexpr int kDigits = 4;

void Known(std::string_view key, double value, JsonWriter* json) {
  if (value >= 0) json->Key(key).Rounded(value, kDigits);
}

void WriteAlert(const HealthAlert& alert, JsonWriter* json) {
  json->BeginObject().Field("name", alert.name).Field("severity", SeverityName(alert.severity));
  json->Field("message", alert.message).Field("count", alert.count);
  if (alert.begin_us != 0) json->Field("start", IsoTime(alert.begin_us));
  if (alert.end_us != 0) json->Field("end", IsoTime(alert.end_us));
  if (!alert.peak_unit.empty()) {
    json->Key("peak").Rounded(alert.peak, kDigits);
    json->Field("peak_unit", alert.peak_unit);
  }
  if (!alert.path.empty()) json->Field("path", alert.path);
  if (alert.line > 0) json->Field("line", alert.line);
  json->Key("details").BeginArray();
  for (const std::string& detail : alert.details) json->String(detail);
  json->EndArray().EndObject();
}

}  // namespace

void WriteJsonHealth(const HealthReport& health, JsonWriter* json) {
  json->Key("health").BeginObject().Key("score").Rounded(health.score, 1);
  json->Key("components").BeginArray();
  for (const HealthComponent& component : health.components) {
    json->BeginObject().Field("name", component.name);
    json->Key("value").Rounded(component.value, 6);
    json->Field("unit", component.unit).Key("target").Rounded(component.target, 6);
    json->Key("limit").Rounded(component.limit, 6);
    json->Field("objective", component.at_least ? "at_least" : "at_most");
    json->Key("weight").Rounded(component.weight, 3);
    json->Key("score").Rounded(component.score, 1);
    json->Field("source", component.source).Field("about", component.about).EndObject();
  }
  json->EndArray().Key("alerts").BeginArray();
  for (const HealthAlert& alert : health.alerts) WriteAlert(alert, json);
  json->EndArray().Key("sessions").BeginArray();
  for (const SessionsAt& at : health.sessions) {
    json->BeginObject();
    if (at.time_us != 0) json->Field("time", IsoTime(at.time_us));
    Known("open", at.open, json);
    Known("active", at.active, json);
    Known("idle", at.idle, json);
    Known("idle_in_transaction", at.idle_in_transaction, json);
    json->EndObject();
  }
  json->EndArray().Key("pools").BeginArray();
  for (const PoolHealth& pool : health.pools) {
    json->BeginObject().Field("name", pool.name);
    Known("opened", pool.opened, json);
    Known("closed", pool.closed, json);
    Known("left_open", pool.left_open, json);
    Known("open_max", pool.open_max, json);
    Known("calls_per_second", pool.calls_per_second, json);
    Known("service_ms", pool.service_ms, json);
    Known("busy_mean", pool.busy_mean, json);
    Known("busy_p50", pool.busy_p50, json);
    Known("busy_p99", pool.busy_p99, json);
    Known("busy_max", pool.busy_max, json);
    json->Field("needed", pool.needed).EndObject();
  }
  json->EndArray().Key("notes").BeginArray();
  for (const std::string& note : health.notes) json->String(note);
  json->EndArray().EndObject();
}

}  // namespace pgsift
