#include "cluster/http_caller.h"

#include <QElapsedTimer>
#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkCookieJar>
#include <QNetworkProxy>
#include <QSslConfiguration>
#include <QTimer>
#include <algorithm>

namespace vx11::cluster {
namespace {

QString word(QNetworkReply::NetworkError error) {
  switch (error) {
    case QNetworkReply::ConnectionRefusedError: return QStringLiteral("connection_refused");
    case QNetworkReply::RemoteHostClosedError: return QStringLiteral("connection_closed");
    case QNetworkReply::HostNotFoundError: return QStringLiteral("host_not_found");
    case QNetworkReply::TimeoutError: return QStringLiteral("timed_out");
    case QNetworkReply::SslHandshakeFailedError: return QStringLiteral("tls_failed");
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::TemporaryNetworkFailureError: return QStringLiteral("network_down");
    default: return QStringLiteral("network_error");
  }
}

/// Errors from ContentAccessDenied on are Qt's names for a status; the answer came all the same.
bool isWhole(QNetworkReply::NetworkError error) {
  return error == QNetworkReply::NoError || (error >= QNetworkReply::ContentAccessDenied &&
                                             error != QNetworkReply::ProtocolFailure &&
                                             error != QNetworkReply::ProtocolUnknownError);
}

class TrustingManager final : public QNetworkAccessManager {
 public:
  explicit TrustingManager(Trust trust) : trust_(std::move(trust)) {}

 protected:
  QNetworkReply* createRequest(Operation operation, const QNetworkRequest& request, QIODevice* body) override {
    QNetworkRequest trusting(request);
    if (!trust_.file.isEmpty()) {
      QSslConfiguration tls = request.sslConfiguration();
      tls.setCaCertificates(trust_.authorities);
      trusting.setSslConfiguration(tls);
    }
    if (!trust_.serverName.isEmpty()) trusting.setPeerVerifyName(trust_.serverName);
    return QNetworkAccessManager::createRequest(operation, trusting, body);
  }

 private:
  Trust trust_;
};

QString correlationOf(const QNetworkReply& reply, const QString& ours) {
  const QByteArray told = reply.rawHeader("X-Correlation-Id");
  const bool plain = !told.isEmpty() && told.size() <= 64 && std::all_of(told.begin(), told.end(), [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
  return plain ? QString::fromLatin1(told) : ours;
}

}  // namespace

struct HttpCall::State {
  QPointer<QNetworkReply> reply;
  HttpCaller::Handler handler;
  QElapsedTimer timer;
  QByteArray body;
  qsizetype maxBody = 0;
  std::optional<double> headersAfterMs;
  bool timedOut = false, tooLarge = false, enough = false;

  [[nodiscard]] double elapsedMs() const { return static_cast<double>(timer.nsecsElapsed()) / 1e6; }
};

void HttpCall::cancel() {
  if (!active()) return;
  state_->handler = nullptr;
  if (state_->reply) state_->reply->deleteLater();
}

bool HttpCall::active() const { return state_ && state_->handler; }

HttpCaller::HttpCaller(QNetworkAccessManager& manager, const QUrl& origin, Secret principal, QString correlationPrefix)
    : manager_(manager),
      origin_(origin.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment |
                              QUrl::StripTrailingSlash)),
      principal_(std::move(principal)),
      correlationPrefix_(std::move(correlationPrefix)) {}

QNetworkReply* HttpCaller::open(const HttpRequest& request, QString* correlationId) {
  QUrl url = origin_;
  const QString prefix = origin_.path(QUrl::FullyEncoded);
  url.setPath((prefix == QStringLiteral("/") ? QString() : prefix) + QString::fromLatin1(request.path),
              QUrl::TolerantMode);
  if (!request.query.isEmpty()) url.setQuery(QString::fromLatin1(request.query), QUrl::StrictMode);
  const QString id = correlationPrefix_ + QString::number(++sent_);
  QNetworkRequest out(url);
  out.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
  out.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
  out.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
  out.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
  out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  out.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
  out.setRawHeader("Accept-Encoding", "identity");  // a compressed answer could pass the bound on its size
  out.setRawHeader("X-Correlation-Id", id.toLatin1());
  if (request.withPrincipal && !principal_.empty()) {
    const auto value = principal_.reveal();
    out.setRawHeader("X-VX11-Token", QByteArray(value.data(), static_cast<qsizetype>(value.size())));
  }
  for (const auto& [name, value] : request.headers) out.setRawHeader(name, value);
  if (correlationId != nullptr) *correlationId = id;
  if (request.verb == HttpRequest::Verb::Get) return manager_.get(out);
  out.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
  return manager_.post(out, request.body);
}

HttpCall HttpCaller::send(const HttpRequest& request, Handler handler) {
  HttpCall call;
  auto state = call.state_ = std::make_shared<HttpCall::State>();
  state->handler = std::move(handler);
  state->maxBody = request.maxBody;
  state->timer.start();
  QString correlationId;
  QNetworkReply* reply = open(request, &correlationId);
  state->reply = reply;

  const auto conclude = [state, reply, correlationId] {
    reply->deleteLater();
    const auto done = std::exchange(state->handler, nullptr);
    if (!done) return;
    HttpAnswer answer;
    answer.latencyMs = state->headersAfterMs.value_or(state->elapsedMs());
    answer.cutShort = state->enough;
    answer.correlationId = correlationOf(*reply, correlationId);
    answer.status = statusOf(*reply);
    answer.contentType = reply->rawHeader("Content-Type");
    answer.instance = QString::fromUtf8(reply->rawHeader("X-VX11-Instance").left(128));
    const bool whole = isWhole(reply->error());
    if (state->timedOut) {
      answer.failure.kind = Failure::Kind::Timeout;
      answer.failure.code = QStringLiteral("timed_out");
    } else if (state->tooLarge) {
      answer.failure.kind = Failure::Kind::BadAnswer;
      answer.failure.code = QStringLiteral("too_large");
    } else if (answer.status == 0 || !(whole || state->enough)) {
      answer.failure = failureOf(*reply);
    } else {
      answer.body = state->body + (reply->isOpen() ? reply->readAll() : QByteArray());
    }
    answer.failure.correlationId = answer.correlationId;
    done(answer);
  };
  // A call that is over early is deleted, which ends its request: an abort() and an error that Qt's network thread
  // had under way, such as that of a status of 403, would be two errors of one reply, and Qt complains on stderr.
  QObject::connect(reply, &QNetworkReply::finished, reply, conclude);

  auto* deadline = new QTimer(reply);
  deadline->setSingleShot(true);
  QObject::connect(deadline, &QTimer::timeout, reply, [state, conclude] {
    state->timedOut = true;
    conclude();
  });
  deadline->start(request.deadline);
  const auto stop = [state, reply, conclude] {
    if (!std::exchange(state->enough, true)) QTimer::singleShot(0, reply, conclude);
  };
  if (request.peek.count() > 0) {
    QObject::connect(reply, &QNetworkReply::metaDataChanged, reply, [state, reply, stop, peek = request.peek] {
      if (statusOf(*reply) == 0 || state->headersAfterMs) return;
      state->headersAfterMs = state->elapsedMs();
      if (statusOf(*reply) == 200) QTimer::singleShot(peek, reply, stop);
      else stop();
    });
  }
  QObject::connect(reply, &QNetworkReply::readyRead, reply, [state, reply, stop, conclude, enough = request.enough] {
    state->body += reply->readAll();
    if (enough != nullptr && enough(state->body)) stop();
    if (state->body.size() <= state->maxBody || state->tooLarge) return;
    state->tooLarge = true;
    QTimer::singleShot(0, reply, conclude);
  });
  return call;
}

Failure HttpCaller::failureOf(const QNetworkReply& reply) {
  Failure failure;
  failure.kind = reply.error() == QNetworkReply::TimeoutError ? Failure::Kind::Timeout : Failure::Kind::Network;
  failure.code = word(reply.error());
  // Qt's sentence for an answer that broke off may name the whole URL, and a check's URL holds a token.
  if (statusOf(reply) == 0 && !reply.url().hasQuery()) failure.text = reply.errorString();
  return failure;
}

int HttpCaller::statusOf(const QNetworkReply& reply) {
  return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

bool isLoopback(const QUrl& url) {
  const QString host = url.host();
  return host == QStringLiteral("localhost") || QHostAddress(host).isLoopback();
}

Trust Trust::of(const QString& file, const QString& serverName) {
  Trust trust{{}, file, serverName};
  if (!file.isEmpty()) trust.authorities = QSslCertificate::fromPath(file, QSsl::Pem);
  return trust;
}

std::unique_ptr<QNetworkAccessManager> makeNetwork(bool loopback, const Trust& trust) {
  auto manager = std::make_unique<TrustingManager>(trust);
  if (loopback) manager->setProxy(QNetworkProxy::NoProxy);
  manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
  return manager;
}

}  // namespace vx11::cluster
