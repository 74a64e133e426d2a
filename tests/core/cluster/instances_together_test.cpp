// Real instances over a real Redis, seen and changed through a LiveCluster: the cross-instance test says what is so,
// and a rollback under traffic refuses nobody.
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <atomic>
#include <thread>

#include "cluster/live_cluster.h"
#include "support/redis_server.h"
#include "support/test_instance.h"

using namespace vx11::cluster;
using vx11::test::RedisServer;
using vx11::test::TestInstance;
using Result = RollbackOutcome::Result;

namespace {

/// Issues and checks all the time, on a thread of its own. A token is asked for only where it can be known: where it
/// was issued, or everywhere when it was issued before the first change.
class Traffic {
 public:
  explicit Traffic(const std::vector<std::unique_ptr<TestInstance>>& instances) : instances_(instances) {
    for (const auto& instance : instances) everywhere_.push_back(instance->issue());
    thread_ = std::thread([this] {
      while (!stop_) turn();
    });
  }
  ~Traffic() { stop(); }
  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] int checked() const { return checked_; }
  [[nodiscard]] int failed() const { return failed_; }

 private:
  void check(std::size_t at, const std::string& token) {
    ++checked_;
    if (instances_[at]->validate(token).status != 200) ++failed_;
  }
  void turn() {
    const std::size_t at = turn_ % instances_.size();
    if (turn_ >= 2 * instances_.size()) check(at, last_[at]);  // of its turn before, perhaps in another mode
    last_[at] = instances_[at]->issue();
    check(at, last_[at]);
    check(at, everywhere_[turn_ / instances_.size() % everywhere_.size()]);
    ++turn_;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }

  const std::vector<std::unique_ptr<TestInstance>>& instances_;
  std::vector<std::string> everywhere_;
  std::array<std::string, 3> last_;
  std::size_t turn_ = 0;
  std::atomic<int> checked_ = 0, failed_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace

class InstancesTogetherTest : public QObject {
  Q_OBJECT
  vx11::SystemClock clock_;
  vx11::SystemRandom random_;
  std::unique_ptr<RedisServer> redis_;
  std::vector<std::unique_ptr<TestInstance>> instances_;
  std::unique_ptr<LiveCluster> cluster_;

  void add(const std::string& mode, std::uint32_t database = 0) {
    auto settings = vx11::test::test_settings();
    settings.instance_id = std::string(1, static_cast<char>('a' + instances_.size()));
    settings.mode = mode;
    if (mode != "memory") settings.redis_url = redis_->url();
    settings.redis_db = database;
    instances_.push_back(std::make_unique<TestInstance>(std::move(settings)));
    QVERIFY2(*instances_.back(), instances_.back()->error().c_str());
    const QUrl url(QStringLiteral("http://127.0.0.1:%1").arg(instances_.back()->port()));
    cluster_->connectInstance(cluster_->addInstance({}), url, vx11::Secret(vx11::test::principal));
  }
  void threeHybrids() {
    for (int i = 0; i < 3; ++i) add("hybrid");
    for (int i = 0; i < 3; ++i) QTRY_COMPARE(cluster_->instances()[i].state, InstanceState::Live);
  }
  MatrixResult matrix() {
    MatrixResult result;
    MatrixJob* job = cluster_->testAcross({});
    QSignalSpy ends(job, &QObject::destroyed);
    connect(job, &MatrixJob::finished, this, [&](const MatrixResult& ended) { result = ended; });
    ends.wait(15'000);
    return result;
  }
  RollbackJob* rollBack(const QString& to, std::optional<RollbackOutcome>& outcome) {
    RollbackSpec spec;
    spec.to = to;
    RollbackJob* job = cluster_->rollBack(spec);
    connect(job, &RollbackJob::finished, this, [&](const RollbackOutcome& ended) { outcome = ended; });
    return job;
  }
  /// As each says now.
  [[nodiscard]] std::string modes() const {
    std::string all;
    for (const auto& instance : instances_) {
      const std::string body = instance->ask("GET", "/operator/internal/mode", TestInstance::principal_line()).body;
      all += body.substr(9, body.find('"', 9) - 9) + " ";
    }
    return all;
  }

 private Q_SLOTS:
  void init() {
    redis_ = std::make_unique<RedisServer>();
    if (!*redis_) QSKIP(redis_->error().c_str());
    cluster_ = std::make_unique<LiveCluster>(Profile{}, clock_, random_);
  }
  void cleanup() {
    cluster_.reset();
    instances_.clear();
    redis_.reset();
  }

  void wholeAndThenOneDead() {
    threeHybrids();
    const MatrixResult whole = matrix();
    QCOMPARE(whole.verdict, MatrixVerdict::Whole);
    QCOMPARE(whole.cells.size(), 9);
    QCOMPARE(whole.names.join(u' '), QStringLiteral("a b c"));
    instances_[2].reset();
    const MatrixResult cross = matrix();
    QCOMPARE(cross.verdict, MatrixVerdict::Partial);
    QCOMPARE(cross.explanation, QStringLiteral("c doesn't answer (connection refused); for the others: every token is "
                                               "valid on every instance."));
    for (const MatrixCell& cell : cross.cells) {
      using State = MatrixCell::State;
      const State expected = cell.issuer == 2      ? State::NotIssued
                             : cell.validator == 2 ? State::NoAnswer
                                                   : State::Accepted;
      QCOMPARE(cell.state, expected);
    }
  }

  void diagonal() {
    add("memory");
    add("memory");
    const MatrixResult result = matrix();
    QCOMPARE(result.verdict, MatrixVerdict::Diagonal);
    QCOMPARE(result.explanation, QStringLiteral("403 off the diagonal: memory mode without sticky routing."));
  }

  void twoDatabases() {
    add("hybrid", 1);
    add("redis", 0);
    const MatrixResult result = matrix();
    QCOMPARE(result.verdict, MatrixVerdict::Diagonal);
    QVERIFY2(result.explanation.startsWith(QStringLiteral("a uses database 1, b database 0:")),
             qPrintable(result.explanation));
  }

  void redisAway() {
    threeHybrids();
    redis_->kill();
    const MatrixResult result = matrix();
    QCOMPARE(result.verdict, MatrixVerdict::Partial);
    QVERIFY2(result.explanation.startsWith(QStringLiteral("Redis doesn't answer: 6 of 9 checks can't be told")),
             qPrintable(result.explanation));
  }

  void thereAndBackUnderTraffic() {
    threeHybrids();
    Traffic traffic(instances_);
    QTRY_VERIFY(traffic.checked() > 30);
    std::optional<RollbackOutcome> outcome;
    RollbackJob* job = rollBack(QStringLiteral("memory"), outcome);
    QTRY_VERIFY_WITH_TIMEOUT(outcome, 15'000);
    QCOMPARE(outcome->reason, QString());
    QCOMPARE(outcome->result, Result::Done);
    QCOMPARE(modes(), "memory memory memory ");
    const QList<RollbackStep> steps = job->steps();
    const auto drain = std::find_if(steps.begin(), steps.end(), [](const RollbackStep& step) {
      return step.kind == RollbackStep::Kind::Drain;
    });
    QVERIFY(drain != steps.end());
    QCOMPARE(drain->state, RollbackStep::State::Running);
    QVERIFY(drain->remainingMs > 250'000);
    int before = traffic.checked();
    QTRY_VERIFY(traffic.checked() > before + 60);

    std::optional<RollbackOutcome> back;
    rollBack(QStringLiteral("hybrid"), back);
    QTRY_VERIFY_WITH_TIMEOUT(back, 15'000);
    QCOMPARE(back->reason, QString());
    QCOMPARE(back->result, Result::Done);
    QCOMPARE(modes(), "hybrid hybrid hybrid ");
    before = traffic.checked();
    QTRY_VERIFY(traffic.checked() > before + 60);
    traffic.stop();
    QCOMPARE(traffic.failed(), 0);
    QCOMPARE(matrix().verdict, MatrixVerdict::Whole);
    const auto marks = cluster_->history().marks(0, std::numeric_limits<qint64>::max());
    QVERIFY(std::any_of(marks.begin(), marks.end(),
                        [](const TimeMark& m) { return m.kind == TimeMark::Kind::ModeSwitch; }));
  }

  void abortInTheMiddle() {
    threeHybrids();
    Traffic traffic(instances_);
    std::optional<RollbackOutcome> outcome;
    RollbackJob* job = rollBack(QStringLiteral("memory"), outcome);
    connect(job, &RollbackJob::stepChanged, this, [job](int index) {
      if (index == 4 && job->steps()[4].state == RollbackStep::State::Done) job->cancel();  // b's gate
    });
    QTRY_VERIFY_WITH_TIMEOUT(outcome, 15'000);
    QCOMPARE(outcome->result, Result::Aborted);
    QVERIFY(outcome->restored);
    QCOMPARE(modes(), "hybrid hybrid hybrid ");
    traffic.stop();
    QCOMPARE(traffic.failed(), 0);
  }

  void oneThatDiesIsAReasonToPutBack() {
    threeHybrids();
    std::optional<RollbackOutcome> outcome;
    RollbackJob* job = rollBack(QStringLiteral("memory"), outcome);
    connect(job, &RollbackJob::stepChanged, this, [this, job](int index) {
      if (index == 2 && job->steps()[2].state == RollbackStep::State::Done) instances_[1]->reset();
    });
    QTRY_VERIFY_WITH_TIMEOUT(outcome, 20'000);
    QCOMPARE(outcome->result, Result::Aborted);
    QVERIFY2(outcome->reason.startsWith(QStringLiteral("b doesn't answer")), qPrintable(outcome->reason));
    // Only a connection that broke under the request leaves it open whether b had taken the mode.
    QCOMPARE(outcome->restored, !outcome->reason.endsWith(QStringLiteral("not restored: b.")));
    instances_.erase(instances_.begin() + 1);
    QCOMPARE(modes(), "hybrid hybrid ");
  }

  void redisDownForbidsTheWayBackButNotTheWayOut() {
    threeHybrids();
    redis_->kill();
    std::optional<RollbackOutcome> outcome, back;
    rollBack(QStringLiteral("memory"), outcome);
    QTRY_VERIFY_WITH_TIMEOUT(outcome, 15'000);
    QCOMPARE(outcome->reason, QString());
    QCOMPARE(modes(), "memory memory memory ");
    rollBack(QStringLiteral("redis"), back);
    QTRY_VERIFY_WITH_TIMEOUT(back, 30'000);
    QVERIFY(back->result != Result::Done);
    QCOMPARE(modes(), "memory memory memory ");
  }
};

QTEST_GUILESS_MAIN(InstancesTogetherTest)
#include "instances_together_test.moc"
