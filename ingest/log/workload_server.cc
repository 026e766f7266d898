// Workload: what the server says about connections, locks, files, maintenance and errors.

#include <algorithm>

#include "base/text.h"
#include "ingest/log/server_messages.h"
#include "ingest/log/shape.h"
#include "ingest/log/workload.h"
#include "ingest/log/workload_state.h"
#include "ingest/plan/plan_reader.h"

namespace pgsift {
namespace {

// What stands between the first pair of double quotes after `mark`, or "".
std::string_view QuotedAfter(std::string_view text, std::string_view mark) {
  const size_t at = text.find(mark);
  if (at == text.npos) return {};
  text.remove_prefix(at + mark.size());
  return text.substr(0, text.find('"'));
}

// The relation that a lock wait is about: CONTEXT names it where the lock is a row's. Transactions
// are never met again: all are one.
std::string LockedObject(const LogRecord& record, std::string_view object) {
  const std::string_view relation = QuotedAfter(record.context, "in relation \"");
  if (!relation.empty()) return std::string(relation);
  const bool passing = object.starts_with("transaction ") ||
                       object.starts_with("virtual transaction ") || object.starts_with("tuple ");
  return passing ? FoldMessage(object) : std::string(object);
}

// A session that was authorized, and yet ends without a line that says so: the server had not come
// to the point from where it writes one.
bool EndsUnsaid(const LogRecord& record) {
  if (record.level != LogLevel::kFatal) return false;
  const std::string_view text = record.message;
  const auto begins = [text](std::string_view head) { return text.starts_with(head); };
  return begins("too many connections for ") ||
         (begins("database \"") && !text.ends_with("in use")) ||
         begins("permission denied for database") || begins("remaining connection slots") ||
         begins("number of requested standby connections");
}

// Whose a session is.
std::string GroupName(std::string_view application, std::string_view user,
                      const LogRecord& record) {
  if (!application.empty()) return std::string(application);
  if (!record.application.empty() && record.application != "[unknown]") {
    return std::string(record.application);
  }
  if (!user.empty()) return std::string(user);
  return record.user == "[unknown]" ? std::string() : std::string(record.user);
}

void AddWait(int64_t waited_us, LockObjectStats* stats) {
  ++stats->waits;
  stats->total_us += waited_us;
  stats->max_us = std::max(stats->max_us, waited_us);
}

// A quoted text of JSON or YAML, from its opening quote on.
std::string Unquoted(std::string_view text) {
  std::string out;
  for (size_t at = 1; at < text.size() && text[at] != '"'; ++at) {
    char c = text[at];
    if (c == '\\' && at + 1 < text.size()) {
      c = text[++at];
      if (c == 'n' || c == 't' || c == 'r' || c == 'b' || c == 'f') c = c == 'n' ? '\n' : ' ';
      if (c == 'u') {  // A control character.
        c = ' ';
        at += 4;
      }
    }
    out += c;
  }
  return out;
}

std::string WithoutEntities(std::string_view text) {
  constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#x0d;", '\r'}};
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const auto* entity =
        std::find_if(std::begin(kEntities), std::end(kEntities),
                     [&](const auto& each) { return text.substr(at).starts_with(each.first); });
    out += entity == std::end(kEntities) ? text[at] : entity->second;
    at += entity == std::end(kEntities) ? 1 : entity->first.size();
  }
  return out;
}

// The query of a plan in EXPLAIN's text form: what stands before the first node, which is the first
// line with its costs.
std::string QueryOfTextPlan(std::string_view text) {
  constexpr std::string_view kMark = "Query Text: ";
  if (!text.starts_with(kMark)) return {};
  const size_t node = std::min(text.find("  (cost="), text.size());
  const size_t end = std::min(text.rfind('\n', node), text.size());
  if (end < kMark.size()) return {};
  std::string query(text.substr(kMark.size(), end - kMark.size()));
  if (const size_t at = query.find("\nQuery Parameters: "); at != std::string::npos) {
    query.resize(at);
  }
  return query;
}

// EXPLAIN's output without what the server puts in front, and the query in it.
void ReadPlanText(const LogRecord& record, LoggedPlan* plan) {
  using Format = LoggedPlan::Format;
  const std::string text = OwnText(record, Cut(record.message, kPlanBytesMax));
  const size_t begin = text.find("plan:");
  if (begin == text.npos) return;
  plan->text = Trim(std::string_view(text).substr(begin + 5));
  const std::string_view own = plan->text;
  if (own.starts_with('{')) {
    plan->format = Format::kJson;
    plan->json = true;
    const size_t key = own.find("\"Query Text\"");
    const size_t quote = key == own.npos ? key : own.find('"', key + 12);
    if (quote != own.npos) plan->query = Unquoted(own.substr(quote));
  } else if (own.starts_with("<explain")) {
    plan->format = Format::kXml;
    const size_t key = own.find("<Query-Text>");
    if (key == own.npos) return;
    const std::string_view rest = own.substr(key + 12);
    plan->query = WithoutEntities(rest.substr(0, rest.find("</Query-Text>")));
  } else if (own.starts_with("Query Text: \"") && own.find("\nPlan:") != own.npos) {
    plan->format = Format::kYaml;
    plan->query = Unquoted(own.substr(own.find('"')));
  } else {
    plan->query = QueryOfTextPlan(own);
  }
}

}  // namespace

void KeepPlan(LoggedPlan plan, bool bounded, std::vector<LoggedPlan>* plans) {
  const auto same = std::find_if(plans->begin(), plans->end(), [&](const LoggedPlan& known) {
    return known.plan_shape == plan.plan_shape;
  });
  if (same == plans->end()) {
    if (!bounded || plans->size() < kPlansPerShapeMax) plans->push_back(std::move(plan));
    return;
  }
  LoggedPlan slower = std::move(plan.duration_us > same->duration_us ? plan : *same);
  const LoggedPlan& other = plan.duration_us > same->duration_us ? *same : plan;
  slower.runs = same->runs + plan.runs;
  slower.total_us = same->total_us + plan.total_us;
  Widen(other.first_us, other.last_us, &slower.first_us, &slower.last_us);
  *same = std::move(slower);
}

void KeepSlow(SlowExecution execution, std::vector<SlowExecution>* slowest) {
  const auto at = std::upper_bound(
      slowest->begin(), slowest->end(), execution,
      [](const SlowExecution& a, const SlowExecution& b) { return a.duration_us > b.duration_us; });
  if (slowest->size() == kSlowestMax && at == slowest->end()) return;
  slowest->insert(at, std::move(execution));
  if (slowest->size() > kSlowestMax) slowest->pop_back();
}

void KeepLockWait(LockWait wait, std::vector<LockWait>* waits) {
  const auto at = std::upper_bound(
      waits->begin(), waits->end(), wait,
      [](const LockWait& a, const LockWait& b) { return a.waited_us > b.waited_us; });
  if (waits->size() == kLockExamplesMax && at == waits->end()) return;
  waits->insert(at, std::move(wait));
  if (waits->size() > kLockExamplesMax) waits->pop_back();
}

void Workload::AddPlan(const LogRecord& record, const DurationMessage& message) {
  ++totals_.plans_seen;
  ++totals_.events[static_cast<size_t>(Event::kPlan)].count;
  LoggedPlan plan{.place = PlaceOf(record), .duration_us = message.duration_us};
  ReadPlanText(record, &plan);
  plan.shape = ShapeHash(plan.query);
  plan.runs = 1;
  plan.total_us = plan.duration_us;
  plan.first_us = plan.last_us = TimeOf(record);
  const PlanReadResult read = ReadPlans(plan.text, plan.place.file);
  if (!read.plans.empty()) plan.plan_shape = read.plans.front().shape;
  const bool full = bounded_ && state_->plans.size() >= kPlanShapesMax;
  if (full && !state_->plans.contains(plan.shape)) return;
  std::vector<LoggedPlan>& plans = state_->plans[plan.shape];
  KeepPlan(std::move(plan), bounded_, &plans);
}

void Workload::AddExample(const LogRecord& record, EventStats* stats) {
  ++stats->count;
  if (record.has_time) stats->series.Add(record.time_us, {.count = 1});
  if (stats->examples.size() >= kEventExamplesMax) return;
  stats->examples.push_back(
      {.place = PlaceOf(record), .text = OwnText(record, Cut(record.message, kMessageBytesMax))});
}

void Workload::AddEvent(const LogRecord& record, Event event) {
  AddExample(record, &totals_.events[static_cast<size_t>(event)]);
  switch (event) {
    case Event::kConnectionReceived:
    case Event::kConnectionAuthorized:
    case Event::kDisconnection:
    case Event::kConnectionLost:
      AddConnection(record, event);
      break;
    case Event::kLockWait:
    case Event::kLockAcquired:
    case Event::kDeadlockAvoided:
      AddLock(record);
      break;
    case Event::kTempFile:
      AddTempFile(record);
      break;
    case Event::kCheckpointStarting:
    case Event::kCheckpointComplete:
    case Event::kCheckpointsTooFrequent:
      AddCheckpoint(record, event);
      break;
    case Event::kAutovacuum:
    case Event::kAutoanalyze:
      AddMaintenance(record);
      break;
    case Event::kTooManyConnections:
    case Event::kAuthenticationFailed:
    case Event::kServerNotReady:
      totals_.connections.rejected += record.level >= LogLevel::kFatal;
      break;
    case Event::kDeadlock:
      AddDeadlock(record);
      break;
    default:
      break;
  }
  if (event == Event::kCrash && record.message.starts_with("all server processes terminated")) {
    state_->open.Reset(TimeOf(record));
  } else if (event == Event::kStartup && record.message.starts_with("starting PostgreSQL")) {
    state_->open.Reset(TimeOf(record));
  }
  if (record.level >= LogLevel::kError) {
    AddError(record, event);
  } else if (event == Event::kOtherWarning || event == Event::kUnrecognized) {
    AddMessage(record, event, &totals_.other_messages);
  }
}

// What the process began is over.
void Workload::EndSession(const LogRecord& record, Session* session) {
  if (session->head == Session::Head::kOpen) session->head = Session::Head::kClosed;
  session->pending = false;
  session->temp_files = session->temp_bytes = 0;
  session->transactions.Close(TimeOf(record), Ended());
  AddHolds();
  session->runs.Close(&state_->runs);
  session->ended = true;
}

void Workload::AddMessage(const LogRecord& record, Event event,
                          std::vector<MessageStats>* messages) {
  std::string folded = FoldMessage(record.message);
  std::string key(1, static_cast<char>('0' + static_cast<int>(record.level)));
  key.append(record.sqlstate).append("/").append(folded);
  const auto [at, added] =
      state_->message_at.try_emplace(key, static_cast<uint32_t>(messages->size()));
  if (added) {
    messages->push_back({.level = record.level,
                         .sqlstate = std::string(record.sqlstate),
                         .message = std::move(folded),
                         .event = event,
                         .example = OwnText(record, Cut(record.message, kMessageBytesMax)),
                         .detail = OwnText(record, Cut(record.detail, kMessageBytesMax)),
                         .statement = OwnText(record, Cut(record.statement, kMessageBytesMax)),
                         .place = PlaceOf(record)});
  }
  MessageStats& stats = (*messages)[at->second];
  ++stats.count;
  Widen(TimeOf(record), TimeOf(record), &stats.first_us, &stats.last_us);
}

void Workload::AddError(const LogRecord& record, Event event) {
  AddMessage(record, event, &totals_.errors);
  const int64_t time_us = TimeOf(record);
  if (time_us != 0) totals_.activity.Add(time_us, {.errors = 1});
  if (record.pid == 0) return;
  Session& session = *SessionOf(record.pid);
  if (!record.statement.empty()) {
    const uint64_t shape = ShapeHash(record.statement);
    if (session.head == Session::Head::kOpen) {
      session.head = Session::Head::kFailed;
      session.head_shape = shape;
    }
    UncountFailed(shape, &session);
    QueryStats& query = QueryOf(shape, record.statement, &record);
    ++query.errors;
    Widen(time_us, time_us, &query.first_us, &query.last_us);
    if (time_us != 0) query.series.Add(time_us, {.errors = 1});
    if (session.temp_files > 0) GiveTempFiles(shape, session.temp_files, session.temp_bytes);
  }
  if (session.head == Session::Head::kOpen) session.head = Session::Head::kClosed;
  session.pending = false;
  session.temp_files = session.temp_bytes = 0;
  if (record.level >= LogLevel::kFatal) EndSession(record, &session);
  if (EndsUnsaid(record)) state_->open.Close(time_us);
}

void Workload::OpenGroup(const LogRecord& record, std::string name, Session* session) {
  SessionGroup& group = totals_.groups[name];
  ++group.opened;
  if (record.has_time) group.opens.Add(record.time_us, {.count = 1});
  session->group = std::move(name);
  session->opened_us = record.has_time ? record.time_us : 0;
  session->active_us = 0;
  session->statements = 0;
}

void Workload::CloseGroup(const std::string& name, int64_t time_us, int64_t session_us) {
  constexpr int64_t kBriefUs = 1'000'000;
  SessionGroup& group = Named(&totals_.groups, name, bounded_, &totals_.beyond_names);
  ++group.closed;
  group.session_us += session_us;
  group.brief += session_us < kBriefUs;
  if (time_us != 0) group.closes.Add(time_us, {.count = 1});
}

// The session's name was given when it was opened, which may be in an earlier part.
void Workload::CloseSession(const LogRecord& record, std::string_view user, int64_t session_us,
                            Session* session) {
  const int64_t time_us = TimeOf(record);
  if (session->opened_us != 0 || time_us == 0) {
    CloseGroup(session->group, time_us, session_us);
  } else if (session->head_closed_us == 0) {
    session->head_closed_us = time_us;
    session->head_session_us = session_us;
    session->head_group = GroupName({}, user, record);
  }
  session->opened_us = 0;
}

void Workload::AddConnection(const LogRecord& record, Event event) {
  ConnectionStats& stats = totals_.connections;
  if (event == Event::kConnectionReceived) {
    ++stats.received;
    return;
  }
  if (event == Event::kConnectionLost) {
    ++stats.lost;
    return;
  }
  const std::optional<SessionMessage> message = ReadSession(record.message);
  if (!message) return;
  EndSession(record, SessionOf(record.pid));
  const int64_t time_us = TimeOf(record);
  if (event == Event::kDisconnection) {
    CloseSession(record, message->user, message->session_us, &state_->sessions[record.pid]);
    ++stats.disconnections;
    stats.session_us += message->session_us;
    stats.session_times.Add(message->session_us);
    state_->open.Close(time_us);
    return;
  }
  OpenGroup(record, GroupName(message->application, message->user, record), SessionOf(record.pid));
  ++stats.authorized;
  state_->open.Open(time_us);
  if (record.has_time) stats.series.Add(record.time_us, {.count = 1});
  const auto count = [](std::string_view said, std::string_view prefix,
                        std::map<std::string, uint64_t>* names) {
    ++(*names)[std::string(said.empty() ? prefix : said)];
  };
  count(message->database, record.database, &stats.databases);
  count(message->user, record.user, &stats.users);
  count(message->application, record.application, &stats.applications);
  count({}, record.client, &stats.clients);
}

void Workload::AddLock(const LogRecord& record) {
  const std::optional<LockMessage> message = ReadLock(record.message);
  if (!message) return;
  using Kind = LockMessage::Kind;
  LockStats& locks = totals_.locks;
  const LockQueue queue = ReadLockQueue(record.detail);
  const bool ended = message->kind == Kind::kAcquired || message->kind == Kind::kFailed;
  locks.still_waiting += message->kind == Kind::kWaiting;
  locks.acquired += message->kind == Kind::kAcquired;
  locks.failed += message->kind == Kind::kFailed;
  const std::string object = LockedObject(record, message->object);
  if (ended) {
    locks.total_us += message->waited_us;
    locks.max_us = std::max(locks.max_us, message->waited_us);
    AddWait(message->waited_us, &locks.modes[std::string(message->mode)]);
    AddWait(message->waited_us, &locks.objects[object]);
    if (!record.statement.empty()) {
      QueryStats& query = QueryOf(ShapeHash(record.statement), record.statement, &record);
      ++query.lock_waits;
      query.lock_wait_us += message->waited_us;
    }
  }
  KeepLockWait({.place = PlaceOf(record),
                .pid = message->pid,
                .mode = std::string(message->mode),
                .object = object,
                .holders = std::string(queue.holders),
                .queue = std::string(queue.queue),
                .statement = OwnText(record, Cut(record.statement, kMessageBytesMax)),
                .context = OwnText(record, Cut(record.context, kMessageBytesMax)),
                .waited_us = message->waited_us,
                .acquired = message->kind == Kind::kAcquired},
               &locks.examples);
}

void Workload::AddDeadlock(const LogRecord& record) {
  if (totals_.deadlocks.size() >= kDeadlocksMax) return;
  totals_.deadlocks.push_back(
      {.place = PlaceOf(record),
       .cycle = ReadDeadlock(OwnText(record, Cut(record.detail, kTextBytesMax))),
       .detail = OwnText(record, Cut(record.detail, kMessageBytesMax)),
       .context = OwnText(record, Cut(record.context, kMessageBytesMax)),
       .statement = OwnText(record, Cut(record.statement, kMessageBytesMax)),
       .database = std::string(record.database),
       .user = std::string(record.user),
       .application = std::string(record.application)});
}

void Workload::GiveTempFiles(uint64_t shape, uint64_t files, uint64_t bytes) {
  QueryStats& query = QueryOf(shape, {}, nullptr);
  query.temp_files += files;
  query.temp_bytes += bytes;
}

// The server writes these before the statement's own line, so they wait for it, unless the record
// brings its statement.
void Workload::AddTempFile(const LogRecord& record) {
  const std::optional<uint64_t> bytes = ReadTempFile(record.message);
  if (!bytes) return;
  ++totals_.temp_files.count;
  totals_.temp_files.bytes += *bytes;
  totals_.temp_files.bytes_max = std::max(totals_.temp_files.bytes_max, *bytes);
  if (!record.statement.empty()) {
    const uint64_t shape = ShapeHash(record.statement);
    QueryOf(shape, record.statement, &record);
    return GiveTempFiles(shape, 1, *bytes);
  }
  Session& session = *SessionOf(record.pid);
  ++session.temp_files;
  session.temp_bytes += *bytes;
}

void Workload::AddCheckpoint(const LogRecord& record, Event event) {
  CheckpointStats& stats = totals_.checkpoints;
  if (event == Event::kCheckpointsTooFrequent) {
    ++stats.too_frequent;
    return;
  }
  if (event == Event::kCheckpointStarting) {
    ++stats.starting;
    if (record.message.find(" time") != record.message.npos) {
      ++stats.timed;
    } else if (record.message.find(" wal") != record.message.npos) {
      ++stats.wal;
    } else {
      ++stats.requested;
    }
    return;
  }
  const std::optional<CheckpointMessage> message = ReadCheckpoint(record.message);
  if (!message) return;
  ++stats.complete;
  stats.buffers += message->buffers;
  stats.buffers_max = std::max(stats.buffers_max, message->buffers);
  stats.wal_added += message->wal_added;
  stats.wal_removed += message->wal_removed;
  stats.wal_recycled += message->wal_recycled;
  stats.write_us += message->write_us;
  stats.sync_us += message->sync_us;
  stats.total_us += message->total_us;
  stats.total_us_max = std::max(stats.total_us_max, message->total_us);
  stats.longest_sync_us = std::max(stats.longest_sync_us, message->longest_sync_us);
  stats.distance_kb_max = std::max(stats.distance_kb_max, message->distance_kb);
}

void Workload::AddMaintenance(const LogRecord& record) {
  const std::optional<VacuumMessage> message = ReadVacuum(record.message);
  if (!message) return;
  TableMaintenance& table = totals_.maintenance[std::string(message->table)];
  if (message->analyze) {
    ++table.analyzes;
    table.analyze_us += message->elapsed_us;
    return;
  }
  ++table.vacuums;
  table.aggressive += message->aggressive;
  table.wraparound += message->wraparound;
  table.vacuum_us += message->elapsed_us;
  table.vacuum_us_max = std::max(table.vacuum_us_max, message->elapsed_us);
  table.index_scans += message->index_scans;
  table.index_scans_max = std::max(table.index_scans_max, message->index_scans);
  table.pages_removed += message->pages_removed;
  table.tuples_removed += message->tuples_removed;
  table.tuples_remain = std::max(table.tuples_remain, message->tuples_remain);
  table.tuples_not_removable_max =
      std::max(table.tuples_not_removable_max, message->tuples_not_removable);
  table.cutoff_age_max = std::max(table.cutoff_age_max, message->cutoff_age);
  table.wal_bytes += message->wal_bytes;
}

}  // namespace pgsift
