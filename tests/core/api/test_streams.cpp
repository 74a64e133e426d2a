// Streams that come back: ids, replay without gap or duplicate, resets, and taking a stream up again when its token is
// over; over a socket, against a real instance in memory mode.
#include <QElapsedTimer>
#include <QTest>
#include <atomic>
#include <thread>

#include "api/resume.h"
#include "support/event_client.h"
#include "support/test_instance.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;

namespace {

const std::string stream_path = "/operator/api/events/stream";

[[nodiscard]] std::string publish(const TestInstance& instance, const std::string& data) {
  const Answer answer = instance.ask("POST", "/operator/api/events/publish", TestInstance::principal_line(),
                                     "{\"event\":\"e\",\"data\":" + data + "}");
  return answer.status == 202 ? answer.body.substr(7, answer.body.find('"', 7) - 7) : std::string();
}
[[nodiscard]] int revoke(const TestInstance& instance, const std::string& body) {
  return instance.ask("POST", "/operator/internal/tokens/revoke", TestInstance::principal_line(), body).status;
}
[[nodiscard]] double metric(const TestInstance& instance, const std::string& name) {
  const std::string text = instance.ask("GET", "/metrics").body;
  const std::size_t at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::strtod(text.c_str() + at + name.size() + 2, nullptr);
}
[[nodiscard]] std::string by_token(const std::string& token) { return "?token=" + token; }
[[nodiscard]] std::string last_id(const std::string& id) { return "Last-Event-ID: " + id + "\r\n"; }
/// "<epoch>.<entry>" and the rest.
[[nodiscard]] std::string position_of(const std::string& id) { return id.substr(0, id.find('.', id.find('.') + 1)); }
[[nodiscard]] std::string resume_of(const std::string& id) {
  const std::string position = position_of(id);
  return id.size() > position.size() ? id.substr(position.size() + 1) : std::string();
}
[[nodiscard]] std::uint64_t entry_of(const std::string& id) {
  return std::strtoull(id.c_str() + id.find('.') + 1, nullptr, 10);
}

}  // namespace

class TestStreams : public QObject {
  Q_OBJECT

  static int status(const TestInstance& instance, const std::string& token, const std::string& id,
                    const char* method = "HEAD") {
    return instance.ask(method, stream_path + by_token(token), last_id(id)).status;
  }

 private Q_SLOTS:
  void everyEventSaysWhereItsStreamIs() {
    config::Settings settings = test_settings();
    settings.heartbeat = 1s;
    const TestInstance instance(std::move(settings));
    EventClient ours(instance.port(), stream_path + by_token(instance.issue()));
    EventClient principals(instance.port(), stream_path, TestInstance::principal_line());
    QVERIFY(ours.wait("snapshot") && principals.wait("snapshot"));
    const std::string start = position_of(ours.events().front().id);
    QVERIFY(start.ends_with(".0"));
    QCOMPARE(resume_of(ours.events().front().id).size(), api::ResumeKeys::text_size);
    QCOMPARE(principals.events().front().id, start);
    QVERIFY(ours.events().front().data.find(R"("mode":"memory")") != std::string::npos);

    const std::string position = publish(instance, "1");
    for (EventClient* client : {&ours, &principals}) {
      QVERIFY(client->wait("e"));
      QCOMPARE(position_of(client->events().back().id), position);
      client->forget();
      QVERIFY(client->wait("heartbeat"));
      QCOMPARE(position_of(client->events().back().id), position);
    }
    QCOMPARE(principals.events().back().id, position);
    QVERIFY(!resume_of(ours.events().back().id).empty());

    EventClient later(instance.port(), stream_path + by_token(instance.issue()));
    QVERIFY(later.wait("snapshot"));
    QCOMPARE(position_of(later.events().front().id), position);
    instance->drain();
    for (EventClient* client : {&ours, &later}) {
      QVERIFY(client->wait("drain"));
      QCOMPARE(position_of(client->events().back().id), position);
      QVERIFY(!resume_of(client->events().back().id).empty());
    }
  }

  void replayIsExactHoweverOftenOneComesBack() {
    const TestInstance instance;
    constexpr int publishers = 3, each = 200, readers = 6;
    std::vector<std::string> wrong(readers);
    std::atomic<int> comebacks = 0;
    const std::string first = publish(instance, "0");
    {
      std::vector<std::jthread> threads;
      for (int r = 0; r < readers; ++r) {
        const std::string path = stream_path + (r % 2 == 0 ? by_token(instance.issue()) : std::string());
        const std::string who = r % 2 == 0 ? std::string() : TestInstance::principal_line();
        threads.emplace_back([&, r, path, who] {
          std::string at = first;
          std::uint64_t expected = entry_of(first) + 1;
          for (int round = 0; expected <= publishers * each + 1; ++round) {
            EventClient client(instance.port(), path, who + last_id(at));
            if (!client.wait("snapshot")) return void(wrong[static_cast<std::size_t>(r)] = "no snapshot");
            if (position_of(client.events().front().id) != position_of(at)) wrong[static_cast<std::size_t>(r)] = "not there";
            if (round > 0) ++comebacks;
            const std::size_t left = publishers * each + 2 - expected;
            const std::size_t wanted = std::min(left, static_cast<std::size_t>(1 + (round * 7 + r * 3) % 23));
            while (client.events().size() < 1 + wanted) {
              if (!client.more()) return void(wrong[static_cast<std::size_t>(r)] = "nothing comes at " + at);
            }
            for (const EventClient::Event& event : std::vector(client.events().begin() + 1, client.events().end())) {
              if (event.name != "e" || entry_of(event.id) != expected) {
                return void(wrong[static_cast<std::size_t>(r)] = event.name + ' ' + event.id + " for " + std::to_string(expected));
              }
              ++expected;
              at = event.id;
            }
          }
        });
      }
      for (int p = 0; p < publishers; ++p) {
        threads.emplace_back([&instance] {
          for (int i = 0; i < each; ++i) (void)publish(instance, std::to_string(i));
        });
      }
    }
    for (const std::string& what : wrong) QVERIFY2(what.empty(), what.c_str());
    QVERIFY2(comebacks > 50, std::to_string(comebacks).c_str());
  }

  void whatCannotBeGoneBackToIsAReset_data() {
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<bool>("understood");
    const auto row = [](const char* id, bool understood) { QTest::newRow(id) << QByteArray(id) << understood; };
    row("00000000.1", true);
    row("00000000.1700000000000-0.AAAA", true);
    row("EPOCH.3", true);
    row("EPOCH.01", true);
    row("EPOCH.1-0", true);
    for (const char* id : {"x", "1", "EPOCH", "EPOCH.", "EPOCH.x", ".1", "EPOCH.1.a.b", "EPOCH.-1", "{}", "\xc3\xa4.1", "%00"}) {
      row(id, false);
    }
  }
  void whatCannotBeGoneBackToIsAReset() {
    QFETCH(QByteArray, id);
    QFETCH(bool, understood);
    const TestInstance instance;
    (void)publish(instance, "1");
    const std::string position = publish(instance, "2");
    id.replace("EPOCH", QByteArray::fromStdString(position.substr(0, position.find('.'))));
    EventClient client(instance.port(), stream_path + by_token(instance.issue()), last_id(id.toStdString()));
    QCOMPARE(client.status(), 200);
    QVERIFY(client.wait("reset"));
    QCOMPARE(client.names(), std::string("snapshot reset"));
    QCOMPARE(position_of(client.events().back().id), position);
    QVERIFY(!resume_of(client.events().back().id).empty());
    // Should the connection break before the reset comes, the client has to come back to it.
    const std::string given = id.toStdString();
    QCOMPARE(position_of(client.events().front().id), understood ? position_of(given) : position);
    const std::string next = publish(instance, "3");
    QVERIFY(client.wait("e"));
    QCOMPARE(position_of(client.events().back().id), next);
  }

  void withoutAnIdNothingIsReplayed() {
    const TestInstance instance;
    (void)publish(instance, "1");
    for (const char* header : {"", "Last-Event-ID: \r\n"}) {
      EventClient client(instance.port(), stream_path + by_token(instance.issue()), header);
      QVERIFY(client.wait("snapshot"));
      (void)publish(instance, "2");
      QVERIFY(client.wait("e"));
      QCOMPARE(client.names(), std::string("snapshot e"));
    }
    const std::string twice = last_id("a.1") + last_id("a.1");
    QCOMPARE(instance.ask("GET", stream_path + by_token(instance.issue()), twice).status, 400);
  }

  void aStreamOutlivesItsToken_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("expired") << QByteArray(R"({"ttl_sec":1})");
    QTest::newRow("used up") << QByteArray(R"({"single_use":true})");
  }
  void aStreamOutlivesItsToken() {
    QFETCH(QByteArray, body);
    const TestInstance instance;
    const std::string token = instance.issue(body.toStdString());
    const std::string other = instance.issue(body.toStdString());
    std::string id;
    {
      EventClient client(instance.port(), stream_path + by_token(token));
      EventClient others(instance.port(), stream_path + by_token(other));
      QVERIFY(client.wait("snapshot") && others.wait("snapshot"));
      id = client.events().back().id;
    }
    (void)publish(instance, "1");
    QTRY_COMPARE(status(instance, token, "x"), 403);
    QTRY_COMPARE(status(instance, other, "x"), 403);
    const double refused = metric(instance, "vx11_operator_ephemeral_tokens_invalid_total");
    for (int i = 0; i < 2; ++i) {
      QCOMPARE(status(instance, token, id), 200);
      EventClient client(instance.port(), stream_path + by_token(token), last_id(id));
      QVERIFY(client.wait("e"));
      QCOMPARE(client.names(), i == 0 ? std::string("snapshot e") : std::string("snapshot e e"));
      (void)publish(instance, "2");
    }
    QCOMPARE(metric(instance, "vx11_operator_sse_resumed_total"), 2.0);
    QCOMPARE(metric(instance, "vx11_operator_ephemeral_tokens_invalid_total"), refused);
    // The credential alone is worth nothing, nor is it with another token.
    QCOMPARE(status(instance, other, id), 403);
    QCOMPARE(status(instance, other, id, "GET"), 403);
    QCOMPARE(instance.ask("GET", stream_path, last_id(id)).status, 401);
    QCOMPARE(status(instance, token, position_of(id)), 403);
    QCOMPARE(instance.validate(token).status, 403);
    QCOMPARE(instance.ask("GET", "/operator/api/events/validate" + by_token(token), last_id(id)).status, 403);
    for (std::size_t i = position_of(id).size() + 1; i < id.size(); ++i) {
      std::string altered = id;
      altered[i] = altered[i] == 'A' ? 'B' : 'A';
      QCOMPARE(status(instance, token, altered), 403);
    }
    QCOMPARE(status(instance, token, id + "A"), 403);
    QCOMPARE(status(instance, token, id.substr(0, id.size() - 1)), 403);
    // Which position it stands behind doesn't matter: a reset is told to its bearer, too.
    EventClient moved(instance.port(), stream_path + by_token(token), last_id("00000000.1." + resume_of(id)));
    QVERIFY(moved.wait("reset"));
  }

  void revocationEndsTheRightToComeBack_data() {
    QTest::addColumn<QByteArray>("by");
    QTest::addColumn<bool>("over");  // the token, before it is revoked
    for (const char* by : {"token", "id", "all"}) {
      QTest::addRow("%s, alive", by) << QByteArray(by) << false;
      QTest::addRow("%s, expired", by) << QByteArray(by) << true;
    }
  }
  void revocationEndsTheRightToComeBack() {
    QFETCH(QByteArray, by);
    QFETCH(bool, over);
    const TestInstance instance;
    const std::string token = instance.issue(over ? R"({"ttl_sec":1})" : "");
    EventClient client(instance.port(), stream_path + by_token(token));
    QVERIFY(client.wait("snapshot"));
    const std::string id = client.events().back().id;
    if (over) {
      QTRY_COMPARE(status(instance, token, "x"), 403);
      QTest::qWait(300);  // the table forgets it
    }
    QCOMPARE(status(instance, token, id), 200);
    const std::string body = by == "token" ? "{\"token\":\"" + token + "\"}"
                             : by == "id"  ? "{\"id\":\"" + PublicId::of(token).text() + "\"}"
                                           : R"({"all":true})";
    QCOMPARE(revoke(instance, body), 200);
    QVERIFY2(client.wait("revoked"), "a stream that outlives its token doesn't outlive this");
    QCOMPARE(status(instance, token, id), 403);
    QCOMPARE(status(instance, token, client.events().back().id), 403);
    // Who came after it isn't meant.
    const std::string next = instance.issue(R"({"single_use":true})");
    EventClient new_client(instance.port(), stream_path + by_token(next));
    QVERIFY(new_client.wait("snapshot"));
    QCOMPARE(status(instance, next, new_client.events().back().id), 200);
  }

  void aLongReplayToASlowReaderIsWholeAndDelaysNobody() {
    const TestInstance instance;
    const std::string first = publish(instance, "0");
    const std::string large = '"' + std::string(60'000, 'x') + '"';
    constexpr std::uint64_t events = 400;  // 24 MB: many times the backlog of a stream that doesn't read
    for (std::uint64_t i = 0; i < events; ++i) QVERIFY(!publish(instance, large).empty());
    EventClient slow(instance.port(), stream_path + by_token(instance.issue()), last_id(first), 4096);
    QVERIFY(slow.wait("snapshot"));
    qint64 longest = 0;
    for (int i = 0; i < 50; ++i) {
      QElapsedTimer timer;
      timer.start();
      QCOMPARE(instance.ask("GET", "/livez").status, 200);
      longest = std::max(longest, timer.elapsed());
      QVERIFY(slow.more());
    }
    QVERIFY2(longest < 200, std::to_string(longest).c_str());
    // More than the backlog is published meanwhile.
    constexpr std::uint64_t meanwhile = 40;
    for (std::uint64_t i = 0; i < meanwhile; ++i) QVERIFY(!publish(instance, large).empty());
    while (slow.events().size() < 1 + events + meanwhile) QVERIFY(slow.more());
    for (std::size_t i = 1; i < slow.events().size(); ++i) {
      QCOMPARE(entry_of(slow.events()[i].id), entry_of(first) + i);
      QCOMPARE(slow.events()[i].data.size(), large.size());
    }
    QCOMPARE(metric(instance, "vx11_operator_sse_slow_readers_total"), 0.0);
  }

  void dataArrivesAsItWasSpelled() {
    const TestInstance instance;
    EventClient client(instance.port(), stream_path, TestInstance::principal_line());
    QVERIFY(client.wait("snapshot"));
    QVERIFY(!publish(instance, "{\"n\": 1.10, \"big\":123456789012345678901234567890,\r\n \"s\":\"\\u00e4\"}").empty());
    QVERIFY(client.wait("e"));
    QCOMPARE(client.events().back().data,
             std::string("{\"n\": 1.10, \"big\":123456789012345678901234567890,\n \"s\":\"\\u00e4\"}"));
  }
};

QTEST_GUILESS_MAIN(TestStreams)
#include "test_streams.moc"
