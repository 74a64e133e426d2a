// One origin over QNetworkAccessManager, with the rules that every call keeps: the principal goes to this origin only
// and never along a redirect, bodies and times are bounded, each request has a correlation id.
#pragma once

#include <QNetworkReply>
#include <QPointer>
#include <QSslCertificate>
#include <QUrl>
#include <chrono>
#include <functional>
#include <memory>

#include "cluster/types.h"
#include "token/secret.h"

class QNetworkAccessManager;

namespace vx11::cluster {

struct HttpRequest {
  enum class Verb { Get, Post } verb = Verb::Get;
  QByteArray path;                     ///< absolute, percent-encoded; put behind the origin's own path
  QByteArray query;                    ///< percent-encoded, without "?"
  QByteArray body;                     ///< JSON, for Post
  bool withPrincipal = true;
  QList<std::pair<QByteArray, QByteArray>> headers = {};  ///< beside those that every request has
  /// Of an answer that may have no end: closed so long after a 200's headers, or once `enough` says so; at any other
  /// status at once. 0: read to its end.
  std::chrono::milliseconds peek{0};
  bool (*enough)(const QByteArray& body) = nullptr;
  std::chrono::milliseconds deadline{2000};
  qsizetype maxBody = 256 * 1024;
};

struct HttpAnswer {
  Failure failure;                     ///< no answer; a status of any kind is no failure here
  int status = 0;
  QByteArray contentType, body;
  QString correlationId;
  QString instance;                    ///< X-VX11-Instance; empty: not told
  double latencyMs = 0;                ///< to the end; of a peek to the headers
  bool cutShort = false;               ///< by us, after a peek: it was still open
};

/// Whom to believe over TLS.
struct Trust {
  QList<QSslCertificate> authorities;  ///< instead of the system's, where there is `file`
  QString file;                        ///< PEM; empty: the system's authorities
  QString serverName;                  ///< expected in the certificate, and sent as SNI; empty: the URL's host
  /// Reads `file`. One that can't be read leaves no authority, so that nothing is believed.
  [[nodiscard]] static Trust of(const QString& file, const QString& serverName);
};

/// A request under way. Copies mean the same request.
class HttpCall {
 public:
  HttpCall() = default;
  /// The handler won't be called any more.
  void cancel();
  [[nodiscard]] bool active() const;

 private:
  friend class HttpCaller;
  struct State;
  std::shared_ptr<State> state_;
};

class HttpCaller {
 public:
  using Handler = std::function<void(const HttpAnswer&)>;

  /// `correlationPrefix` begins each request's id. An empty principal is never sent.
  HttpCaller(QNetworkAccessManager& manager, const QUrl& origin, Secret principal, QString correlationPrefix);

  /// The handler is called once, from the event loop, unless the call is cancelled.
  HttpCall send(const HttpRequest& request, Handler handler);
  /// For an answer without an end: the caller reads, bounds and deletes it.
  [[nodiscard]] QNetworkReply* open(const HttpRequest& request, QString* correlationId = nullptr);

  [[nodiscard]] const QUrl& origin() const { return origin_; }
  [[nodiscard]] bool hasPrincipal() const { return !principal_.empty(); }
  /// Why there was no answer, as a stable word ("connection_refused").
  [[nodiscard]] static Failure failureOf(const QNetworkReply& reply);
  [[nodiscard]] static int statusOf(const QNetworkReply& reply);

 private:
  QNetworkAccessManager& manager_;
  QUrl origin_;
  Secret principal_;
  QString correlationPrefix_;
  quint64 sent_ = 0;
};

/// A manager that remembers nothing (no cookies, cache, credentials) and asks no proxy for loopback.
[[nodiscard]] std::unique_ptr<QNetworkAccessManager> makeNetwork(bool loopback, const Trust& trust = {});
[[nodiscard]] bool isLoopback(const QUrl& url);

}  // namespace vx11::cluster
