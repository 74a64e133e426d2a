// The log in the dock: it follows until one scrolls up, counts what came, filters, shows the chosen entry, copies.
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include "core/cluster/fake_cluster.h"
#include "models/log_model.h"
#include "pages/log_view.h"
#include "widgets/empty_state.h"

using namespace vx11::ui;
using namespace vx11::cluster;
using vx11::cluster::testing::FakeCluster;

class LogViewTest : public QObject {
  Q_OBJECT

  ThemeManager* themes_ = nullptr;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<LogView> view_;
  int made_ = 0;

  void add(int n, Severity severity = Severity::Info, const char* source = "local") {
    QSignalSpy spy(&cluster_->journal(), &Journal::appended);
    for (int i = 0; i < n; ++i) {
      LogEntry entry;
      entry.time = QDateTime::fromMSecsSinceEpoch(1'700'000'000'000 + made_);
      entry.severity = severity;
      entry.source = QLatin1String(source);
      entry.event = QStringLiteral("mode_changed");
      entry.fields = {{QStringLiteral("from"), QStringLiteral("memory")}, {QStringLiteral("to"), made_}};
      entry.correlationId = QStringLiteral("corr-%1").arg(made_++);
      cluster_->journal().add(entry);
    }
    QVERIFY(spy.size() > 0 || spy.wait());
  }
  [[nodiscard]] QTableView* table() const { return view_->findChild<QTableView*>(); }
  [[nodiscard]] QScrollBar* bar() const { return table()->verticalScrollBar(); }
  [[nodiscard]] QPushButton* newLines() const { return table()->findChild<QPushButton*>(); }
  [[nodiscard]] QString json() const { return view_->findChild<QPlainTextEdit*>()->toPlainText(); }
  [[nodiscard]] QComboBox* box(const QString& name) const {
    for (auto* found : view_->findChildren<QComboBox*>()) {
      if (found->accessibleName() == name) return found;
    }
    return nullptr;
  }

 private Q_SLOTS:
  void initTestCase() {
    themes_ = new ThemeManager(this);
    clipboard_ = std::make_unique<ClipboardGuard>();
  }
  void init() {
    made_ = 0;
    cluster_ = std::make_unique<FakeCluster>();
    view_ = std::make_unique<LogView>(Services{*cluster_, *themes_, *clipboard_});
    view_->resize(1200, 220);
    view_->show();
    QVERIFY(QTest::qWaitForWindowExposed(view_.get()));
  }
  void cleanup() {
    view_.reset();
    cluster_.reset();
  }

  void emptyItSaysWhatWouldBeHere() {
    auto* empty = view_->findChild<EmptyState*>();
    QVERIFY(empty->isVisible());
    QCOMPARE(empty->sentence(), QStringLiteral("Nothing yet; what you do shows up here."));
    add(1);
    QVERIFY(!empty->isVisible());
  }

  void whatWasBeforeIsShownToo() {
    add(3);
    LogView later(Services{*cluster_, *themes_, *clipboard_});
    QCOMPARE(later.model().rowCount(), 3);
  }

  void followsTheNewestLine() {
    add(50);
    QCOMPARE(bar()->value(), bar()->maximum());
    add(5);
    QCOMPARE(bar()->value(), bar()->maximum());
    QVERIFY(!newLines()->isVisible());
  }

  void scrollingUpStopsAndCounts() {
    add(50);
    bar()->setValue(bar()->maximum() / 2);
    QVERIFY(!view_->follows());
    const int place = bar()->value();
    add(14);
    QCOMPARE(bar()->value(), place);
    QVERIFY(newLines()->isVisible());
    QCOMPARE(newLines()->text(), QStringLiteral("14 new"));
    QTest::mouseClick(newLines(), Qt::LeftButton);
    QVERIFY(view_->follows());
    QCOMPARE(bar()->value(), bar()->maximum());
    QVERIFY(!newLines()->isVisible());
  }

  void scrollingToTheEndFollowsAgain() {
    add(50);
    bar()->setValue(0);
    add(2);
    bar()->setValue(bar()->maximum());
    QVERIFY(view_->follows());
    QCOMPARE(view_->unseen(), 0);
  }

  void whatOneReadsStaysWhenOldLinesGo() {
    add(10'000);
    bar()->setValue(bar()->maximum() / 2);
    const int top = table()->rowAt(0);
    const QString reading = view_->model().entry(top).correlationId;
    add(100);
    QCOMPARE(view_->model().rowCount(), 10'000);
    QCOMPARE(view_->model().entry(table()->rowAt(0)).correlationId, reading);
  }

  void filtersByWordsSeverityAndSource() {
    add(10, Severity::Info, "a");
    add(5, Severity::Error, "b");
    add(3, Severity::Debug, "b");
    QCOMPARE(view_->model().rowCount(), 15);  // details only when asked for
    box(QStringLiteral("Severity"))->setCurrentIndex(0);
    QCOMPARE(view_->model().rowCount(), 18);
    auto* sources = box(QStringLiteral("Source"));
    sources->setCurrentIndex(sources->findText(QStringLiteral("b")));
    QCOMPARE(view_->model().rowCount(), 8);
    view_->findChild<QLineEdit*>()->setText(QStringLiteral("corr-12"));
    QCOMPARE(view_->model().rowCount(), 1);
    view_->findChild<QLineEdit*>()->setText(QStringLiteral("nowhere"));
    QCOMPARE(view_->findChild<EmptyState*>()->sentence(), QStringLiteral("No line passes the filter."));
    QVERIFY(view_->escape());
    QVERIFY(!view_->escape());
    QCOMPARE(view_->model().rowCount(), 8);
  }

  void theChosenEntryIsShownWholeAndSurvivesTheFilter() {
    add(20);
    QVERIFY(!view_->findChild<QPlainTextEdit*>()->isVisible());
    table()->selectRow(7);
    QVERIFY(view_->findChild<QPlainTextEdit*>()->isVisible());
    QVERIFY(json().contains(QStringLiteral("\"corr-7\"")));
    view_->findChild<QLineEdit*>()->setText(QStringLiteral("corr-7"));
    QVERIFY(json().contains(QStringLiteral("\"corr-7\"")));
    QCOMPARE(table()->currentIndex().row(), 0);
    view_->findChild<QLineEdit*>()->setText(QStringLiteral("corr-8"));
    QVERIFY(json().isEmpty());
  }

  void copiesTheSelectedRows() {
    add(5);
    table()->setFocus();
    table()->selectRow(1);
    table()->selectionModel()->select(view_->model().index(3, 0),
                                      QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QSignalSpy told(view_.get(), &LogView::message);
    QTest::keySequence(table(), QKeySequence::Copy);
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines.at(0).endsWith(QStringLiteral("corr-1")) && lines.at(1).endsWith(QStringLiteral("corr-3")));
    QCOMPARE(told.size(), 1);
  }

  void columnsComeBackAndGiveWay() {
    add(1);
    const QVariantMap first = view_->viewState();
    QVERIFY(!table()->isColumnHidden(LogModel::Correlation));
    table()->setColumnHidden(LogModel::Source, true);
    table()->setColumnWidth(LogModel::Correlation, 211);
    const QVariantMap kept = view_->viewState();

    view_ = std::make_unique<LogView>(Services{*cluster_, *themes_, *clipboard_});
    view_->resize(600, 220);  // too narrow for the id, which nobody hid
    view_->show();
    view_->restoreViewState(kept);
    QVERIFY(table()->isColumnHidden(LogModel::Source));
    QVERIFY(table()->isColumnHidden(LogModel::Correlation));
    QCOMPARE(view_->viewState().value(QStringLiteral("hidden")), kept.value(QStringLiteral("hidden")));
    view_->resize(1400, 220);
    QTRY_VERIFY(!table()->isColumnHidden(LogModel::Correlation));
    QCOMPARE(table()->columnWidth(LogModel::Correlation), 211);
    view_->restoreViewState(first);
    QVERIFY(!table()->isColumnHidden(LogModel::Source));
  }

  void exportsWhatIsShown() {
    add(5);
    view_->findChild<QLineEdit*>()->setText(QStringLiteral("corr-4"));
    QCOMPARE(view_->shownEntries().size(), 1);
    QCOMPARE(view_->shownEntries().first().correlationId, QStringLiteral("corr-4"));
  }
};

QTEST_MAIN(LogViewTest)
#include "test_log_view.moc"
