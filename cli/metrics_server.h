#ifndef PGSIFT_CLI_METRICS_SERVER_H_
#define PGSIFT_CLI_METRICS_SERVER_H_

#include <memory>
#include <string>

namespace pgsift {

// Serves over HTTP what a time series database scrapes: GET /metrics gives the text published last,
// GET /healthz whether it can be relied on (200 or 503, with a line that says why). Thread-safe but
// for Start() and the destructor.
class MetricsServer {
 public:
  MetricsServer() = default;
  virtual ~MetricsServer() = default;  // Answers what was asked, then closes.
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // Listens at "HOST:PORT", "[::1]:PORT", ":PORT" or "PORT" (of 127.0.0.1), and answers on threads
  // of its own. Port 0 takes a free one. False, with the reason and the way out in *error, if the
  // address is none or cannot be had.
  virtual bool Start(const std::string& address, std::string* error) = 0;
  // "127.0.0.1:9187": where it listens.
  virtual const std::string& address() const = 0;
  // What /metrics answers from now on. `problem`: why /healthz says 503; empty: all is well.
  virtual void Publish(std::string metrics, std::string problem) = 0;
};

// Of cli/serve, a library beside the program that is loaded for this alone: HTTP brings libraries
// along that would make every other run start later. Null, with the reason in *error, if it is not
// there.
std::unique_ptr<MetricsServer> LoadMetricsServer(std::string* error);

// The one function of that library. The server is the caller's.
inline constexpr char kMetricsServerFunction[] = "pgsift_make_metrics_server";
using MakeMetricsServer = MetricsServer* (*)();

}  // namespace pgsift

#endif  // PGSIFT_CLI_METRICS_SERVER_H_
