#include "cluster/instance_client.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace vx11::cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto pageDeadline = 10s, modeDeadline = 2s;
constexpr auto streamPeek = 300ms;
constexpr qsizetype maxPageBytes = 4 * 1024 * 1024;
constexpr qsizetype longestStep = 300;  // bytes

QByteArray textOf(const TokenText& token) {
  const auto text = token.reveal();
  return {text.data(), static_cast<qsizetype>(text.size())};
}

Failure httpFailure(const HttpAnswer& answer) {
  Failure failure;
  failure.kind = Failure::Kind::Http;
  failure.httpStatus = answer.status;
  failure.code = wire::parseDetail(answer.body);
  if (failure.code.isEmpty()) failure.code = QStringLiteral("http_%1").arg(answer.status);
  failure.text = wire::parseReason(answer.body);
  failure.holder = wire::parseHolder(answer.body);
  failure.correlationId = answer.correlationId;
  failure.instance = answer.instance;
  return failure;
}

/// Success is one of the 2xx with a body that `parse` understands.
template <typename Parse>
auto readAnswer(const HttpAnswer& answer, Parse parse)
    -> Answer<typename std::invoke_result_t<Parse, const QByteArray&>::value_type> {
  if (answer.failure) return answer.failure;
  if (answer.status < 200 || answer.status > 299) return httpFailure(answer);
  if (auto parsed = parse(answer.body)) return *std::move(parsed);
  Failure failure;
  failure.kind = Failure::Kind::BadAnswer;
  failure.httpStatus = answer.status;
  failure.code = QStringLiteral("bad_answer");
  failure.correlationId = answer.correlationId;
  return failure;
}

template <typename T, typename Parse>
HttpCaller::Handler reading(Parse parse, Handler<T> handler) {
  return [parse, handler = std::move(handler)](const HttpAnswer& answer) { handler(readAnswer(answer, parse)); };
}

HttpRequest post(const QByteArray& path, const QJsonObject& body, std::chrono::milliseconds deadline) {
  HttpRequest request;
  request.verb = HttpRequest::Verb::Post;
  request.path = path;
  request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
  request.deadline = deadline;
  return request;
}

QJsonObject operationBody(const InstanceClient::Operation& operation) {
  QJsonObject body;
  if (operation.id.isEmpty()) return body;
  body.insert(u"operation_id", operation.id);
  body.insert(u"owner", operation.owner);
  if (operation.ends) body.insert(u"release", true);
  return body;
}

/// One line of what an instance takes: a longer one would be refused whole, and the sign with it.
QString stepText(const QString& step) {
  QString text = step;
  std::replace_if(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; }, u' ');
  text = text.simplified().left(longestStep);
  while (text.toUtf8().size() > longestStep) text.chop(text.size() > 1 && text.back().isLowSurrogate() ? 2 : 1);
  return text;
}

HttpRequest checkRequest(const TokenText& token, const QByteArray& path, std::chrono::milliseconds deadline) {
  HttpRequest request;
  request.path = path;
  request.query = "token=" + textOf(token).toPercentEncoding();
  request.withPrincipal = false;  // it would decide in the token's place
  request.deadline = deadline;
  return request;
}

CheckAnswer judged(const HttpAnswer& answer) {
  CheckAnswer check;
  check.httpStatus = answer.status;
  check.latencyMs = answer.latencyMs;
  check.answeredBy = answer.instance;
  check.failure = answer.failure;
  if (answer.failure) return check;
  if (answer.status != 200) check.failure.code = wire::parseDetail(answer.body);
  if (answer.status == 503 || answer.status == 429) {
    check.verdict = CheckAnswer::Verdict::CantTell;
  } else if (answer.status == 401 || answer.status == 403) {
    check.verdict = CheckAnswer::Verdict::Refused;
  } else if (answer.status != 200) {
    check.failure = httpFailure(answer);
  }
  return check;
}

CheckAnswer judgedByValidate(const HttpAnswer& answer) {
  CheckAnswer check = judged(answer);
  if (answer.failure || answer.status != 200) return check;
  const auto validity = readAnswer(answer, wire::parseValidity);
  if (validity.has_error()) {
    check.failure = validity.error();
    return check;
  }
  check.verdict = validity->valid ? CheckAnswer::Verdict::Accepted : CheckAnswer::Verdict::Refused;
  check.expiresInMs = validity->expiresInMs;
  check.source = validity->source;
  return check;
}

/// An event, or a part of one: nobody tells a refused client anything.
bool hasEvent(const QByteArray& stream) {
  for (const char* field : {"event:", "data:"}) {
    if (stream.startsWith(field) || stream.contains(QByteArray("\n") + field)) return true;
  }
  return false;
}

CheckAnswer judgedByStream(const HttpAnswer& answer) {
  CheckAnswer check = judged(answer);
  if (answer.failure || answer.status != 200) return check;
  if (!answer.contentType.startsWith("text/event-stream")) {
    check.failure = httpFailure(answer);
  } else {
    const bool accepted = answer.cutShort || hasEvent(answer.body);
    check.verdict = accepted ? CheckAnswer::Verdict::Accepted : CheckAnswer::Verdict::CantTell;
  }
  return check;
}

}  // namespace

InstanceClient::InstanceClient(Networks networks, const QUrl& origin, const Secret& principal,
                               const QString& correlationPrefix)
    : control_(networks.control, origin, principal, correlationPrefix + u'p'),
      work_(networks.work, origin, principal, correlationPrefix + u'w') {}

HttpCall InstanceClient::stats(Handler<wire::Stats> handler) {
  HttpRequest request;
  request.path = QByteArrayLiteral("/operator/internal/cache-stats");
  return control_.send(request, reading(wire::parseStats, std::move(handler)));
}

HttpCall InstanceClient::health(Handler<wire::Health> handler) {
  HttpRequest request;
  request.path = QByteArrayLiteral("/operator/api/health");
  request.withPrincipal = false;
  return control_.send(request, reading(wire::parseHealth, std::move(handler)));
}

HttpCall InstanceClient::listPage(const QString& cursor, Handler<wire::ListPage> handler) {
  HttpRequest request;
  request.path = QByteArrayLiteral("/operator/internal/tokens");
  request.query = QByteArrayLiteral("limit=1000");
  if (!cursor.isEmpty()) request.query += "&cursor=" + QUrl::toPercentEncoding(cursor);
  request.deadline = pageDeadline;
  request.maxBody = maxPageBytes;
  return control_.send(request, reading(wire::parseListPage, std::move(handler)));
}

HttpCall InstanceClient::issue(std::optional<int> ttlSec, bool singleUse, Handler<wire::Issued> handler,
                               std::chrono::milliseconds deadline) {
  QJsonObject body;
  if (ttlSec) body.insert(u"ttl_sec", *ttlSec);
  if (singleUse) body.insert(u"single_use", true);
  const HttpRequest request = post(QByteArrayLiteral("/operator/api/events/sse-token"), body, deadline);
  return work_.send(request, [handler = std::move(handler)](const HttpAnswer& answer) {
    auto issued = readAnswer(answer, wire::parseIssued);
    if (issued.has_value()) issued->answeredBy = answer.instance;
    handler(issued);
  });
}

HttpCall InstanceClient::check(const TokenText& token, CheckHandler handler, std::chrono::milliseconds deadline) {
  return work_.send(checkRequest(token, QByteArrayLiteral("/operator/api/events/validate"), deadline),
                    [handler = std::move(handler)](const HttpAnswer& answer) { handler(judgedByValidate(answer)); });
}

HttpCall InstanceClient::checkByStream(const TokenText& token, CheckHandler handler,
                                       std::chrono::milliseconds deadline) {
  HttpRequest request = checkRequest(token, QByteArrayLiteral("/operator/api/events/stream"), deadline);
  request.peek = streamPeek;
  request.enough = hasEvent;
  return work_.send(request,
                    [handler = std::move(handler)](const HttpAnswer& answer) { handler(judgedByStream(answer)); });
}

HttpCall InstanceClient::revoke(const RevokeTarget& target, Handler<RevokeAnswer> handler) {
  QJsonObject body;
  if (target.all) body.insert(u"all", true);
  else if (target.id) body.insert(u"id", target.id->text());
  else body.insert(u"token", QString::fromLatin1(textOf(target.token)));
  const HttpRequest request = post(QByteArrayLiteral("/operator/internal/tokens/revoke"), body, actionDeadline);
  return work_.send(request, [handler = std::move(handler)](const HttpAnswer& answer) {
    const auto revoked = readAnswer(answer, wire::parseRevoked);
    if (revoked.has_error()) return handler(revoked.error());
    handler(RevokeAnswer{revoked->count, answer.status == 202, answer.correlationId});
  });
}

HttpCall InstanceClient::mode(Handler<wire::ModeState> handler) {
  HttpRequest request;
  request.path = QByteArrayLiteral("/operator/internal/mode");
  request.deadline = modeDeadline;
  return work_.send(request, reading(wire::parseMode, std::move(handler)));
}

HttpCall InstanceClient::setMode(const QString& mode, const Operation& operation, Handler<wire::ModeState> handler) {
  QJsonObject body = operationBody(operation);
  body.insert(u"mode", mode);
  const HttpRequest request = post(QByteArrayLiteral("/operator/internal/mode"), body, modeDeadline);
  return work_.send(request, reading(wire::parseMode, std::move(handler)));
}

HttpCall InstanceClient::sign(const Operation& operation, const QString& step, std::chrono::milliseconds deadline,
                              Handler<wire::ModeState> handler) {
  QJsonObject body = operationBody(operation);
  if (const QString text = stepText(step); !text.isEmpty()) body.insert(u"step", text);
  const HttpRequest request = post(QByteArrayLiteral("/operator/internal/mode"), body, deadline);
  return work_.send(request, reading(wire::parseMode, std::move(handler)));
}

HttpCall InstanceClient::drain(Handler<wire::DrainBegun> handler) {
  const HttpRequest request = post(QByteArrayLiteral("/operator/internal/drain"), {}, modeDeadline);
  return work_.send(request, reading(wire::parseDrainBegun, std::move(handler)));
}

HttpCall InstanceClient::publish(const QString& event, const QJsonValue& data, Handler<wire::Published> handler) {
  const QJsonObject body{{QStringLiteral("event"), event}, {QStringLiteral("data"), data}};
  const HttpRequest request = post(QByteArrayLiteral("/operator/api/events/publish"), body, actionDeadline);
  return work_.send(request, reading(wire::parsePublished, std::move(handler)));
}

HttpCall InstanceClient::redis(Handler<wire::RedisReport> handler) {
  HttpRequest request;
  request.path = QByteArrayLiteral("/operator/internal/redis");
  return control_.send(request, reading(wire::parseRedis, std::move(handler)));
}

HttpCall InstanceClient::neighbours(Handler<wire::Neighbours> handler) {
  HttpRequest request;
  request.path = QByteArrayLiteral("/operator/internal/instances");
  return control_.send(request, reading(wire::parseNeighbours, std::move(handler)));
}

QNetworkReply* InstanceClient::openWatch() {
  HttpRequest request;
  request.path = QByteArrayLiteral("/operator/internal/tokens/watch");
  return control_.open(request);
}

}  // namespace vx11::cluster
