// The library pgsift-metrics.so: a MetricsServer by cpp-httplib.

#include <httplib.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "cli/metrics_server.h"

namespace pgsift {
namespace {

constexpr char kExposition[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kPlain[] = "text/plain; charset=utf-8";
constexpr int kUnavailable = 503;
// Enough for what scrapes a few times a minute.
constexpr size_t kThreads = 2;
constexpr int kReadyLooks = 5000;

bool SplitAddress(const std::string& address, std::string* host, int* port) {
  const size_t colon = address.rfind(':');
  *host = colon == address.npos ? "" : address.substr(0, colon);
  const std::string number = colon == address.npos ? address : address.substr(colon + 1);
  if (host->size() > 2 && host->front() == '[' && host->back() == ']') {
    *host = host->substr(1, host->size() - 2);
  }
  if (host->empty()) *host = "127.0.0.1";
  if (number.empty() || number.size() > 5) return false;
  if (number.find_first_not_of("0123456789") != number.npos) return false;
  *port = std::atoi(number.c_str());
  return *port <= 65535;
}

struct State {
  httplib::Server server;
  std::thread listener;
  std::string address;
  std::mutex mutex;
  std::string metrics;
  std::string problem = "nothing was read yet";
};

class HttpMetricsServer : public MetricsServer {
 public:
  ~HttpMetricsServer() override {
    state_.server.stop();
    if (state_.listener.joinable()) state_.listener.join();
  }

  bool Start(const std::string& address, std::string* error) override {
    std::string host;
    int port = 0;
    if (!SplitAddress(address, &host, &port)) {
      *error = "--listen: '" + address + "' is no address; give HOST:PORT, as 127.0.0.1:9187";
      return false;
    }
    State* const state = &state_;
    httplib::Server& server = state->server;
    server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    // Two programs must not share the port, each answering half of the scrapes.
    server.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    // Who scrapes keeps the connection; threads are few, and a stop waits for them.
    server.set_keep_alive_max_count(1);
    server.Get("/metrics", [state](const httplib::Request&, httplib::Response& response) {
      const std::lock_guard<std::mutex> lock(state->mutex);
      if (state->metrics.empty()) response.status = kUnavailable;
      response.set_content(state->metrics.empty() ? state->problem + "\n" : state->metrics,
                           state->metrics.empty() ? kPlain : kExposition);
    });
    server.Get("/healthz", [state](const httplib::Request&, httplib::Response& response) {
      const std::lock_guard<std::mutex> lock(state->mutex);
      if (!state->problem.empty()) response.status = kUnavailable;
      response.set_content((state->problem.empty() ? "ok" : state->problem) + "\n", kPlain);
    });
    server.Get("/", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("pgsift monitor: /metrics, /healthz\n", kPlain);
    });
    errno = 0;
    if (port == 0) {
      port = server.bind_to_any_port(host.c_str());
    } else if (!server.bind_to_port(host.c_str(), port)) {
      port = -1;
    }
    if (port < 0) {
      *error = "--listen: " + address + " cannot be listened at: " +
               (errno == 0 ? "no such address on this machine" : std::strerror(errno)) +
               "; give another port, or 0 for any that is free";
      return false;
    }
    state->address =
        (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + std::to_string(port);
    state->listener = std::thread([&server] { server.listen_after_bind(); });
    // stop() does nothing to a server that has not begun.
    for (int i = 0; i < kReadyLooks && !server.is_running(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  const std::string& address() const override { return state_.address; }

  void Publish(std::string metrics, std::string problem) override {
    const std::lock_guard<std::mutex> lock(state_.mutex);
    state_.metrics = std::move(metrics);
    state_.problem = std::move(problem);
  }

 private:
  State state_;
};

}  // namespace
}  // namespace pgsift

extern "C" pgsift::MetricsServer* pgsift_make_metrics_server();
pgsift::MetricsServer* pgsift_make_metrics_server() { return new pgsift::HttpMetricsServer; }
