// The rules of an EventSource, against a server that answers as each of them needs.
#include <QSignalSpy>
#include <QTest>

#include "cluster/event_source.h"
#include "cluster/http_caller.h"
#include "core/cluster/scripted_server.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;

namespace {

ScriptedReply stream(const QByteArray& body, bool stays = false) {
  ScriptedReply reply;
  reply.contentType = "text/event-stream";
  reply.body = body;
  reply.stays = stays;
  return reply;
}

/// One source of one server, and what it told.
struct Scene {
  explicit Scene(ScriptedServer::Script script, const QByteArray& lastEventId = {})
      : server(std::move(script)),
        network(makeNetwork(true)),
        caller(*network, server.url(), vx11::Secret(), QStringLiteral("t-")),
        source(
            [this](const QByteArray& id) {
              HttpRequest request;
              request.path = "/stream";
              if (!id.isEmpty()) request.headers = {{"Last-Event-ID", id}};
              return caller.open(request);
            },
            lastEventId) {
    QObject::connect(&source, &EventSource::received, &source, [this](const SseEvent& event) { events << event.data; });
    QObject::connect(&source, &EventSource::cut, &source, [this](const Failure& failure, qint64 retryMs) {
      cuts << failure.code;
      retries << retryMs;
    });
    QObject::connect(&source, &EventSource::refused, &source, [this](const Failure& failure) { refusals << failure; });
    QObject::connect(&source, &EventSource::opened, &source, [this](const QString& name) { opened << name; });
  }
  [[nodiscard]] QByteArray sentId(int request) const { return server.requests().at(request).header("Last-Event-ID"); }

  ScriptedServer server;
  std::unique_ptr<QNetworkAccessManager> network;
  HttpCaller caller;
  EventSource source;
  QList<QByteArray> events;
  QStringList cuts, opened;
  QList<qint64> retries;
  QList<Failure> refusals;
};

}  // namespace

class EventSourceTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void anyAnswerButAnEventStreamIsFinal_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::newRow("refused") << 403 << QByteArray("application/json") << QByteArray(R"({"detail":"invalid_token"})")
                             << "invalid_token";
    QTest::newRow("without a word") << 404 << QByteArray("text/plain") << QByteArray("no") << "http_404";
    QTest::newRow("503") << 503 << QByteArray("text/event-stream") << QByteArray("retry: 20\n\n") << "http_503";
    QTest::newRow("204") << 204 << QByteArray("text/event-stream") << QByteArray() << "http_204";
    QTest::newRow("elsewhere") << 302 << QByteArray("text/plain") << QByteArray() << "http_302";
    QTest::newRow("no stream") << 200 << QByteArray("application/json") << QByteArray("{}") << "not_a_stream";
  }
  void anyAnswerButAnEventStreamIsFinal() {
    QFETCH(int, status);
    QFETCH(QByteArray, contentType);
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    Scene scene([&](const auto&) { return ScriptedReply{status, body, contentType, "Location: /elsewhere\r\n"}; });
    scene.source.connectNow();
    QTRY_COMPARE(scene.refusals.size(), 1);
    QCOMPARE(scene.refusals[0].code, code);
    QCOMPARE(scene.refusals[0].httpStatus, status);
    QTest::qWait(100);
    QCOMPARE(scene.server.requests().size(), 1);
    QVERIFY(scene.cuts.isEmpty());
  }

  void itComesBackWhenToldTo() {
    Scene scene([](const auto&) { return stream("retry: 60\nid: e.7\ndata: x\n\n"); });
    scene.source.connectNow();
    QTRY_VERIFY(scene.events.size() >= 3);
    QCOMPARE(scene.events.first(), QByteArray("x"));
    QCOMPARE(scene.retries.first(), 60);
    QCOMPARE(scene.cuts.first(), QString());
    QCOMPARE(scene.sentId(0), QByteArray());
    QCOMPARE(scene.sentId(1), QByteArray("e.7"));
    scene.source.stop();
    const auto asked = scene.server.requests().size();
    QTest::qWait(200);
    QCOMPARE(scene.server.requests().size(), asked);
  }

  void withoutAWordItWaitsAsABrowserDoes() {
    Scene scene([](const auto&) { return stream({}); });
    scene.source.connectNow();
    QTRY_COMPARE(scene.retries, QList<qint64>{EventSource::usualRetry.count()});
    QCOMPARE(scene.opened.size(), 1);
  }

  void aRefusalThatPassesKeepsTheLastId() {
    int turn = 0;
    Scene scene([&](const auto&) {
      return ++turn == 1 ? stream("retry: 20\nid: e.1\ndata: x\n\n") : stream("retry: 20\n\n", turn > 3);
    });
    scene.source.connectNow();
    QTRY_COMPARE(scene.server.requests().size(), 4);
    for (int request = 1; request < 4; ++request) QCOMPARE(scene.sentId(request), QByteArray("e.1"));
    QCOMPARE(scene.source.lastEventId(), QByteArray("e.1"));
  }

  void aTypedIdGoesWithTheFirstRequest() {
    Scene scene([](const auto&) { return stream(": hello\n\n", true); }, "e.42");
    scene.source.connectNow();
    QTRY_COMPARE(scene.opened.size(), 1);
    QCOMPARE(scene.sentId(0), QByteArray("e.42"));
  }

  void whatNobodyAnswersIsTriedAgain() {
    auto gone = std::make_unique<ScriptedServer>([](const auto&) { return ScriptedReply(); });
    const QUrl url = gone->url();
    gone.reset();
    const auto network = makeNetwork(true);
    HttpCaller caller(*network, url, vx11::Secret(), QStringLiteral("t-"));
    EventSource source([&](const QByteArray&) { return caller.open({}); }, {});
    QSignalSpy cut(&source, &EventSource::cut);
    source.connectNow();
    QTRY_COMPARE(cut.size(), 1);
    QCOMPARE(cut[0][0].value<Failure>().code, QStringLiteral("connection_refused"));
    QCOMPARE(cut[0][1].toLongLong(), EventSource::usualRetry.count());
  }

  void aCutStreamNamesWhatCutIt() {
    Scene scene([](const auto&) {
      auto reply = stream("b\r\nretry: 300\n\r\n", true);
      reply.extraHeaders = "Transfer-Encoding: chunked\r\n";
      return reply;
    });
    scene.source.connectNow();
    QTRY_COMPARE(scene.opened.size(), 1);
    scene.server.cutStreams();  // without the last chunk
    QTRY_COMPARE(scene.cuts, QStringList{QStringLiteral("connection_closed")});
    QCOMPARE(scene.retries, QList<qint64>{300});
  }

  void anEventBeyondTheBoundEndsIt() {
    Scene scene([](const auto&) { return stream("data: " + QByteArray(2 * 1024 * 1024, 'x') + "\n\n"); });
    scene.source.connectNow();
    QTRY_COMPARE(scene.refusals.size(), 1);
    QCOMPARE(scene.refusals[0].code, QStringLiteral("too_large"));
    QVERIFY(scene.events.isEmpty());
  }

  void whoAnswersIsTold() {
    Scene scene([](const auto&) {
      auto reply = stream({}, true);
      reply.extraHeaders = "X-VX11-Instance: fra-1\r\n";
      return reply;
    });
    scene.source.connectNow();
    QTRY_COMPARE(scene.opened, QStringList{QStringLiteral("fra-1")});
  }
};

QTEST_GUILESS_MAIN(EventSourceTest)
#include "event_source_test.moc"
