// The cross-instance test's page over a cluster that answers as the test says.
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QSpinBox>
#include <memory>

#include "cluster_stage.h"
#include "pages/matrix_grid.h"
#include "pages/matrix_history.h"
#include "pages/matrix_page.h"
#include "widgets/inline_bar.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;
using cluster::MatrixCell;
using cluster::MatrixResult;
using cluster::MatrixVerdict;
using State = MatrixCell::State;

class MatrixPageTest : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<MatrixPage> page_;

  void open(int instances = 3) {
    page_.reset();
    cluster_ = std::make_unique<FakeCluster>();
    addThree(*cluster_);
    for (int i = 3; i < instances; ++i)
      cluster_->addInstance(instance(QStringLiteral("fra-%1").arg(i + 1), QStringLiteral("hybrid")));
    openPage();
  }
  void openPage() {
    page_ = std::make_unique<MatrixPage>(Services{*cluster_, *themes_, *clipboard_});
    page_->resize(1063, 703);
    page_->show();
    page_->setInView(true);
  }
  [[nodiscard]] PageHeader& header() const { return *page_->findChild<PageHeader*>(); }
  [[nodiscard]] InlineBar& bar() const { return *page_->findChild<InlineBar*>(); }
  [[nodiscard]] MatrixGrid& grid() const { return *page_->findChild<MatrixGrid*>(); }
  [[nodiscard]] MatrixHistoryView& past() const { return *page_->findChild<MatrixHistoryView*>(); }
  [[nodiscard]] QAbstractButton& runButton() const { return *buttonOf(*page_, QStringLiteral("Run now")); }

  MatrixCell answer(int index, State state, int status, double ms = 0.8) const {
    MatrixCell cell = cluster_->matrixJob->now.cells.at(index);
    cell.state = state;
    cell.httpStatus = status;
    cell.latencyMs = ms;
    cell.answeredBy = cluster_->matrixJob->now.names.value(cell.validator);
    cell.correlationId = QStringLiteral("b7e1-%1").arg(index);
    if (state == State::Refused) cell.failure.code = QStringLiteral("invalid_token");
    return cell;
  }
  /// Ends the run: accepted where `accepts`, refused elsewhere.
  void finish(MatrixVerdict verdict, const QString& explanation, const std::function<State(int, int)>& state) {
    auto* job = cluster_->matrixJob.data();
    for (int i = 0; i < job->now.cells.size(); ++i) {
      const State s = state(job->now.cells.at(i).issuer, job->now.cells.at(i).validator);
      job->now.cells[i] = answer(i, s, s == State::Accepted ? 200 : s == State::Refused ? 403 : s == State::CantTell ? 503 : 0,
                                 0.3 + 0.1 * i);
    }
    job->now.verdict = verdict;
    job->now.explanation = explanation;
    job->now.at = wall;
    cluster_->advance(64);
    job->finish(job->now);
  }
  void finishWhole() {
    finish(MatrixVerdict::Whole, QStringLiteral("Every token is accepted everywhere."), [](int, int) { return State::Accepted; });
  }

 private Q_SLOTS:
  void initTestCase() {
    themes_ = std::make_unique<ThemeManager>();
    clipboard_ = std::make_unique<ClipboardGuard>();
  }
  void cleanup() {
    page_.reset();
    cluster_.reset();
    themes_->choose(ThemeChoice::Light);
  }

  void waitsWithAnEmptyGrid() {
    open();
    QVERIFY(header().verdict().startsWith(QStringLiteral("Not run yet.")));
    QCOMPARE(grid().accessibleName(), QStringLiteral("fra-1 to fra-1: not run yet"));
    QVERIFY(runButton().isEnabled());
    QVERIFY(!buttonOf(*page_, QStringLiteral("Copy as shell"))->isEnabled());
    QVERIFY(!cluster_->matrixJob);
  }

  void oneInstanceSaysWhatIsMissing() {
    cluster_ = std::make_unique<FakeCluster>();
    cluster_->addInstance(instance(QStringLiteral("local"), QStringLiteral("memory")));
    openPage();
    QCOMPARE(header().verdict(), QStringLiteral("Needs more than one instance. This profile has one."));
    QVERIFY(!runButton().isEnabled());
    QVERIFY(runButton().toolTip().startsWith(QStringLiteral("Needs more than one")));
    page_->run();
    QCOMPARE(cluster_->matrixRuns, 0);
    QSignalSpy asked(page_.get(), &Page::actionRequested);
    buttonOf(*page_, QStringLiteral("Try a cluster"))->click();
    QCOMPARE(asked.last().first().toString(), QStringLiteral("profile.cluster"));
    shoot(*page_, *themes_, QStringLiteral("matrix-one"));
    cluster_->addInstance(instance(QStringLiteral("second"), QStringLiteral("memory")));
    QVERIFY(runButton().isEnabled());
  }

  void fillsInLive() {
    open();
    page_->run();
    QCOMPARE(cluster_->matrixRuns, 1);
    QVERIFY(!runButton().isEnabled());
    cluster_->matrixJob->answer(0, answer(0, State::Accepted, 200, 0.4));
    cluster_->matrixJob->answer(1, answer(1, State::Refused, 403));
    QCOMPARE(header().verdict(), QStringLiteral("Running, 2 of 9 answers. Cells fill in as the answers come."));
    QCOMPARE(grid().accessibleName(), QStringLiteral("fra-1 to fra-1: accepted, 200, 0.4 ms"));
    shoot(*page_, *themes_, QStringLiteral("matrix-running"));
    page_->run();
    QCOMPARE(cluster_->matrixRuns, 1);  // one at a time
    finishWhole();
    QCOMPARE(header().mark(), Mark::Pass);
    QCOMPARE(header().verdict(), QStringLiteral("Whole, 9 of 9 accepted. Every token is accepted everywhere. Slowest answer 1.1 ms."));
    QVERIFY(bar().isHidden());
    QVERIFY(runButton().isEnabled());
  }

  void arrowsMoveAndSayTheCell() {
    open();
    page_->run();
    finish(MatrixVerdict::Partial, QStringLiteral("fra-3 stands alone. It refuses every token it did not issue."),
           [](int i, int v) { return i == v || (i != 2 && v != 2) ? State::Accepted : State::Refused; });
    grid().setFocus();
    QTest::keyClick(&grid(), Qt::Key_Home);
    QTest::keyClick(&grid(), Qt::Key_End);
    QCOMPARE(grid().accessibleName(), QStringLiteral("fra-1 to fra-3: refused, 403, 0.5 ms"));
    QVERIFY(textOf(*page_).contains(QStringLiteral("403 invalid_token")));
    QVERIFY(textOf(*page_).contains(QStringLiteral("b7e1-2")));
    QTest::keyClick(&grid(), Qt::Key_Down);
    QTest::keyClick(&grid(), Qt::Key_Left);
    QCOMPARE(grid().accessibleName(), QStringLiteral("fra-2 to fra-2: accepted, 200, 0.7 ms"));
    QTest::mouseClick(&grid(), Qt::LeftButton, {}, grid().cellRect(2, 0).center());
    QCOMPARE(grid().currentIssuer(), 2);
    QCOMPARE(grid().currentValidator(), 0);
  }

  void theFirstTroubleIsShownUnlessACellIsChosen() {
    open();
    page_->run();
    const auto away = [](int i, int v) {
      return i == v ? State::Accepted : i == 2 && v == 1 ? State::Refused : State::CantTell;
    };
    finish(MatrixVerdict::Partial, {}, away);
    QCOMPARE(grid().accessibleName(), QStringLiteral("fra-3 to fra-2: refused, 403, 1.0 ms"));
    QVERIFY(textOf(*page_).contains(QStringLiteral("b7e1-7")));
    page_->run();
    finish(MatrixVerdict::Partial, {}, [](int i, int v) { return i == v ? State::Accepted : State::CantTell; });
    QCOMPARE(QPoint(grid().currentIssuer(), grid().currentValidator()), QPoint(0, 1));
    QTest::mouseClick(&grid(), Qt::LeftButton, {}, grid().cellRect(1, 1).center());
    page_->run();
    finish(MatrixVerdict::Partial, {}, away);
    QCOMPARE(QPoint(grid().currentIssuer(), grid().currentValidator()), QPoint(1, 1));
  }

  void explainsAndOffersTheCure() {
    open();
    page_->run();
    QSignalSpy badges(page_.get(), &Page::badgeChanged);
    finish(MatrixVerdict::Diagonal,
           QStringLiteral("403 off the diagonal: each instance knows only its own tokens. Memory mode without sticky routing."),
           [](int i, int v) { return i == v ? State::Accepted : State::Refused; });
    QCOMPARE(header().mark(), Mark::Warning);
    QVERIFY(header().verdict().startsWith(QStringLiteral("Diagonal, 3 of 9 accepted.")));
    QVERIFY(bar().text().contains(QStringLiteral("sticky routing")));
    QCOMPARE(badges.last().first().value<Badge>(), (Badge{{}, true, false}));
    QSignalSpy pages(page_.get(), &Page::openPage);
    buttonOf(bar(), QStringLiteral("Change the mode…"))->click();
    QCOMPARE(pages.last().first().value<PageId>(), PageId::Rollback);
    shoot(*page_, *themes_, QStringLiteral("matrix-diagonal"));
  }

  void awayRedisIsNoRefusal() {
    open();
    page_->run();
    finish(MatrixVerdict::Partial, QStringLiteral("Redis is away: 6 of 9 can’t be told. Not a refusal."),
           [](int i, int v) { return i == v ? State::Accepted : State::CantTell; });
    QCOMPARE(header().mark(), Mark::CantTell);
    shoot(*page_, *themes_, QStringLiteral("matrix-redis-away"));
  }

  void aDeadInstanceIsACross() {
    open(4);
    for (int n = 0; n < 3; ++n) {
      page_->run();
      finishWhole();
    }
    page_->run();
    finish(MatrixVerdict::Partial, QStringLiteral("fra-3 does not answer. The others accept each other's tokens."),
           [](int i, int v) { return i == 2 ? State::NotIssued : v == 2 ? State::NoAnswer : State::Accepted; });
    QCOMPARE(header().mark(), Mark::Fail);
    QVERIFY(!buttonOf(bar(), QStringLiteral("Change the mode…")));  // no mode wakes the dead
    QVERIFY(!buttonOf(bar(), QStringLiteral("Start fra-3")));       // who runs elsewhere can't be started here
    auto& supervisor = cluster_->supervise();
    supervisor.setState(2, cluster::NodeInfo::State::Failed);
    auto dead = cluster_->instances().at(2);
    dead.state = InstanceState::Unreachable;
    cluster_->setInstance(dead);
    QVERIFY(buttonOf(bar(), QStringLiteral("Start fra-3")));
    buttonOf(bar(), QStringLiteral("Start fra-3"))->click();
    QCOMPARE(supervisor.asked, QStringList{QStringLiteral("start 2")});
    shoot(*page_, *themes_, QStringLiteral("matrix-dead"));
  }

  void balancerHasItsColumnAndCounts() {
    open();
    cluster::Profile profile = cluster_->profile();
    profile.balancer = QUrl(QStringLiteral("http://127.0.0.1:8080"));
    cluster_->setProfile(profile);
    openPage();
    page_->run();
    QVERIFY(cluster_->matrixSpec.throughBalancer);
    auto* job = cluster_->matrixJob.data();
    for (int issuer = 0; issuer < 3; ++issuer) {
      for (int n = 0; n < 3; ++n) {
        MatrixCell cell;
        cell.issuer = issuer;
        cell.validator = MatrixCell::balancer;
        cell.state = n == issuer || issuer == 0 ? State::Accepted : State::Refused;
        cell.httpStatus = cell.state == State::Accepted ? 200 : 403;
        cell.answeredBy = job->now.names.at(n);
        job->now.cells << cell;
      }
    }
    job->now.behindBalancer = {{QStringLiteral("fra-1"), 3}, {QStringLiteral("fra-2"), 3}, {QStringLiteral("fra-3"), 0}};
    for (int i = 0; i < 9; ++i) job->now.cells[i] = answer(i, i % 4 == 0 ? State::Accepted : State::Refused, i % 4 == 0 ? 200 : 403);
    job->now.verdict = MatrixVerdict::Diagonal;
    job->now.at = wall;
    job->finish(job->now);
    QVERIFY(header().verdict().startsWith(QStringLiteral("Diagonal, 3 of 9 accepted.")));  // the balancer's are counted apart
    QVERIFY(textOf(*page_).contains(QStringLiteral("Answers behind the balancer: fra-1 3, fra-2 3, fra-3 none")));
    grid().setCurrent(1, MatrixCell::balancer);
    QCOMPARE(grid().accessibleName(), QStringLiteral("fra-2 to Balancer: 1 of 3, 2 × 403"));
    shoot(*page_, *themes_, QStringLiteral("matrix-balancer"));
    cluster_->matrixJob = nullptr;
    page_->findChildren<QCheckBox*>().last()->setChecked(false);
    page_->run();
    QVERIFY(!cluster_->matrixSpec.throughBalancer);
  }

  void historyShowsARunAgain() {
    open();
    page_->run();
    finishWhole();
    page_->run();
    finish(MatrixVerdict::None, {}, [](int, int) { return State::Refused; });
    QCOMPARE(past().model()->rowCount(), 2);
    QVERIFY(header().verdict().startsWith(QStringLiteral("None, 0 of 9")));
    past().setCurrentIndex(past().model()->index(1, 0));
    QVERIFY(header().verdict().startsWith(QStringLiteral("Whole, 9 of 9")));
    page_->run();  // a new one shows itself
    QVERIFY(header().verdict().startsWith(QStringLiteral("Running")));
    finishWhole();
    for (int i = 0; i < MatrixHistory::most + 5; ++i) {
      page_->run();
      finishWhole();
    }
    QCOMPARE(past().model()->rowCount(), MatrixHistory::most);
  }

  void cancelledRunIsNoResult() {
    open();
    page_->run();
    buttonOf(*page_, QStringLiteral("Cancel"))->click();
    QVERIFY(cluster_->matrixJob->cancelled);
    cluster_->matrixJob->finish(cluster_->matrixJob->now);
    QCOMPARE(header().verdict(), QStringLiteral("Cancelled. 0 of 9 answers came before."));
    QCOMPARE(past().model()->rowCount(), 0);
    QVERIFY(runButton().isEnabled());
  }

  void repeatsAfterItsTime() {
    open();
    page_->findChild<QSpinBox*>()->setValue(2);
    page_->findChildren<QCheckBox*>().first()->setChecked(true);
    page_->run();
    finishWhole();
    QTRY_COMPARE_WITH_TIMEOUT(cluster_->matrixRuns, 2, 3'000);
    buttonOf(*page_, QStringLiteral("Cancel"))->click();  // ends the repeating too
    QVERIFY(!page_->findChildren<QCheckBox*>().first()->isChecked());
  }

  void shellLinesGoToTheClipboard() {
    open();
    page_->run();
    finishWhole();
    buttonOf(*page_, QStringLiteral("Copy as shell"))->click();
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("$VX11_OPERATOR_TOKEN")));
  }

  void saysWhyItCannot() {
    open();
    cluster_->setCanChange(false);
    QVERIFY(!runButton().isEnabled());
    QVERIFY(runButton().toolTip().startsWith(QStringLiteral("Read-only profile.")));
    cluster_->setCanChange(true);
    cluster_->matrixPossible = false;
    page_->run();
    QVERIFY(!runButton().isEnabled());
    QVERIFY(!runButton().toolTip().isEmpty());
  }

  void paintsNothingOutOfView() {
    open();
    page_->run();
    page_->setInView(false);
    cluster_->matrixJob->answer(0, answer(0, State::Accepted, 200));
    QCOMPARE(header().verdict(), QStringLiteral("Running, 0 of 9 answers. Cells fill in as the answers come."));
    finishWhole();
    page_->setInView(true);
    QVERIFY(header().verdict().startsWith(QStringLiteral("Whole")));
  }

  void csvHasALineAnAnswerAndNoFormula() {
    open();
    page_->run();
    auto* job = cluster_->matrixJob.data();
    job->now.names[0] = QStringLiteral("=cmd()");
    MatrixResult kept;
    connect(job, &cluster::MatrixJob::finished, this, [&](const MatrixResult& result) { kept = result; });
    finishWhole();
    const QByteArray text = matrix::csv({kept});
    QCOMPARE(text.count('\n'), 10);
    QVERIFY(text.contains("\"'=cmd()\""));
    QVERIFY(text.contains(",accepted,200,0.300,"));
  }

  void tenInstancesFit() {
    open(10);
    page_->run();
    finish(MatrixVerdict::Partial, {}, [](int i, int v) { return i == 6 || v == 6 ? State::Refused : State::Accepted; });
    page_->resize(975, 603);
    QTest::qWait(10);
    QVERIFY(grid().minimumSizeHint().width() <= 975 - 2 * 16 - 268 - 12 - 24 - 2);
    shoot(*page_, *themes_, QStringLiteral("matrix-ten"));
  }
};

QTEST_MAIN(MatrixPageTest)
#include "matrix_page_test.moc"
