// What a stream request is answered by what the store says of its token and what its last event's id vouches for.
#include <QTest>

#include "core/api/api_host.h"
#include "support/event_client.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;
using store::Mode;
using store::Reason;
using store::Verdict;

namespace {

const std::string token = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
constexpr auto vouched = -30s;  // against now

[[nodiscard]] Revocation revocation(Revocation::Kind kind, WallTime at) {
  Revocation made;
  made.kind = kind;
  made.id = PublicId::of(token);
  made.at = at;
  made.expires = at + 60s;
  return made;
}

}  // namespace
Q_DECLARE_METATYPE(store::Verdict)
Q_DECLARE_METATYPE(store::Reason)

class TestStreamAnswers : public QObject {
  Q_OBJECT

  /// "open", "later", or the status.
  static std::string asked(const ApiHost& host, const std::string& last_id) {
    const std::string line = last_id.empty() ? std::string() : "Last-Event-ID: " + last_id + "\r\n";
    EventClient client(host.port, "/operator/api/events/stream?token=" + token, line);
    if (client.status() != 200) return std::to_string(client.status());
    return client.wait("snapshot") ? "open" : "later";
  }
  static void answer_checks_with(ApiHost& host, Verdict verdict, Reason reason) {
    host.store.checked.verdict = verdict;
    host.store.checked.reason = reason;
    host.store.checked.id = PublicId::of(token);
  }
  static std::string id_with(const std::string& credential) { return "00000000.1." + credential; }
  static api::StreamOrigin origin(const ApiHost& host) { return {PublicId::of(token), host.clock.wall() + vouched}; }

 private Q_SLOTS:
  void whoComesBeforeTheStartOrAtTheEndComesBackLater_data() {
    QTest::addColumn<int>("phase");
    QTest::addColumn<Verdict>("verdict");
    for (const auto phase : {api::Phase::starting, api::Phase::draining}) {
      for (const auto verdict : {Verdict::valid, Verdict::invalid}) {
        QTest::addRow("%s, %s token", std::string(api::to_string(phase)).c_str(),
                      verdict == Verdict::valid ? "a valid" : "an unknown")
            << int(phase) << verdict;
      }
    }
  }
  void whoComesBeforeTheStartOrAtTheEndComesBackLater() {
    QFETCH(int, phase);
    QFETCH(Verdict, verdict);
    ApiHost host;
    host.on_loop(
        [&] { answer_checks_with(host, verdict, verdict == Verdict::valid ? Reason::none : Reason::unknown); });
    host.shared.phase.store(static_cast<api::Phase>(phase));
    RawClient client(host.port);
    QVERIFY(client.send(request_text("GET", "/operator/api/events/stream?token=" + token)));
    const std::string answer = client.read_to_end();
    QVERIFY(client.ended());
    QVERIFY2(answer.starts_with("HTTP/1.1 200 "), answer.c_str());
    QVERIFY2(answer.find("Content-Type: text/event-stream\r\n") != std::string::npos, answer.c_str());
    QVERIFY2(answer.find("\r\n\r\nretry: ") != std::string::npos, answer.c_str());
    QVERIFY(answer.find("event:") == std::string::npos);
  }

  void whatTheStoreSaysAndWhatTheIdVouchesFor_data() {
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<Reason>("reason");
    QTest::addColumn<QByteArray>("without");
    QTest::addColumn<QByteArray>("with");
    QTest::addColumn<QByteArray>("denied");
    const auto row = [](const char* name, Verdict verdict, Reason reason, const char* without, const char* with,
                        const char* denied) {
      QTest::newRow(name) << verdict << reason << QByteArray(without) << QByteArray(with) << QByteArray(denied);
    };
    row("unknown", Verdict::invalid, Reason::unknown, "403", "open", "403");
    row("expired", Verdict::invalid, Reason::expired, "403", "open", "403");
    row("used", Verdict::invalid, Reason::used, "403", "open", "403");
    row("revoked", Verdict::invalid, Reason::revoked, "403", "403", "403");
    row("malformed", Verdict::invalid, Reason::malformed, "403", "403", "403");
    row("can't tell", Verdict::cannot_tell, Reason::unavailable, "later", "open", "later");
    row("valid", Verdict::valid, Reason::none, "open", "open", "open");
  }
  void whatTheStoreSaysAndWhatTheIdVouchesFor() {
    QFETCH(Verdict, verdict);
    QFETCH(Reason, reason);
    QFETCH(QByteArray, without);
    QFETCH(QByteArray, with);
    QFETCH(QByteArray, denied);
    ApiHost host;
    host.shared.resume.share(Secret("the cluster's"));
    answer_checks_with(host, verdict, reason);
    const std::string id = id_with(host.shared.resume.make(origin(host), host.clock.wall(), true));
    QCOMPARE(asked(host, ""), without.toStdString());
    QCOMPARE(asked(host, id_with("AAAA")), without.toStdString());
    QCOMPARE(asked(host, id), with.toStdString());
    host.clock.advance(67s);
    QCOMPARE(asked(host, id), without.toStdString());
    const std::string next = id_with(host.shared.resume.make(origin(host), host.clock.wall(), true));
    QCOMPARE(asked(host, next), with.toStdString());
    host.denylist.add(revocation(Revocation::Kind::token, host.clock.wall()), host.clock.now() + 60s);
    QCOMPARE(asked(host, next), denied.toStdString());
  }

  void theEndOfAllCountsAgainstThoseBefore() {
    ApiHost host;
    answer_checks_with(host, Verdict::invalid, Reason::expired);
    host.shared.resume.share(Secret("the cluster's"));
    const std::string id = id_with(host.shared.resume.make(origin(host), host.clock.wall(), true));
    const WallTime at = host.clock.wall() + vouched;
    host.denylist.add(revocation(Revocation::Kind::before, at - 1ms), host.clock.now() + 60s);
    QCOMPARE(asked(host, id), std::string("open"));
    // However fresh the credential itself is: an instance that heard late may have made it after the revocation.
    host.denylist.add(revocation(Revocation::Kind::before, at), host.clock.now() + 60s);
    QCOMPARE(asked(host, id), std::string("403"));
  }

  void aKeyThatIsNotHereYetRefusesNobodyForGood() {
    SeededRandom random(7);
    api::ResumeKeys elsewhere(random);
    elsewhere.share(Secret("the cluster's"));
    for (const Mode mode : {Mode::hybrid, Mode::memory}) {
      ApiHost host(mode);
      answer_checks_with(host, Verdict::invalid, Reason::unknown);
      const std::string id = id_with(elsewhere.make(origin(host), host.clock.wall(), true));
      QCOMPARE(asked(host, id), std::string(mode == Mode::memory ? "403" : "later"));
      QCOMPARE(asked(host, "00000000.1"), std::string("403"));
      QCOMPARE(asked(host, ""), std::string("403"));
      host.shared.resume.share(Secret("the cluster's"));
      QCOMPARE(asked(host, id), std::string("open"));
    }
  }

  void aResumedStreamIsNoRefusedToken() {
    ApiHost host;
    answer_checks_with(host, Verdict::invalid, Reason::used);
    const std::string id = id_with(host.shared.resume.make(origin(host), host.clock.wall(), true));
    QCOMPARE(asked(host, id), std::string("open"));
    QCOMPARE(host.shared.metrics.streams_resumed.value(), std::uint64_t{1});
    QTRY_COMPARE(host.shared.metrics.streams_ephemeral.value(), std::uint64_t{1});
    QCOMPARE(host.shared.metrics.tokens_invalid.value(), std::uint64_t{0});
    QCOMPARE(asked(host, ""), std::string("403"));
    QCOMPARE(host.shared.metrics.tokens_invalid.value(), std::uint64_t{1});
  }
};

QTEST_GUILESS_MAIN(TestStreamAnswers)
#include "test_stream_answers.moc"
