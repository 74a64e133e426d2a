#include "pages/tokens_page.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "core/cluster/fake_cluster.h"
#include "delegates/countdown.h"
#include "dialogs/confirm_dialog.h"
#include "models/token_table_model.h"
#include "pages/token_check_popup.h"
#include "pages/token_commands.h"
#include "pages/token_details.h"
#include "pages/token_issue_form.h"
#include "pages/token_side_panel.h"
#include "pages/token_table_view.h"
#include "widgets/empty_state.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::TokenRow;
using cluster::testing::FakeCluster;
using cluster::testing::makeRow;

namespace {

const QString tokenValue = QStringLiteral("3f9a7c10-52be-4d0e-9b61-7d2f08b4c21e");
constexpr qint64 start = 1'000'000;

QPushButton* button(QWidget& within, const QString& text) {
  for (auto* each : within.findChildren<QPushButton*>()) {
    if (each->text() == text) return each;
  }
  return nullptr;
}

QString allText(QWidget& within) {
  QStringList texts;
  for (auto* label : within.findChildren<QLabel*>()) {
    if (label->isVisibleTo(&within)) texts << label->text();
  }
  return texts.join(u'\n').remove(QChar(0x200b));
}

}  // namespace

/// A page in a window over a cluster of two instances and twenty tokens, the first of them this console's own.
class TokensPageTest : public QObject {
  Q_OBJECT

 private:
  struct Stage {
    ThemeManager themes;
    ClipboardGuard clipboard;
    FakeCluster cluster;
    QMainWindow window;
    TokensPage* page = nullptr;
    TokenTableView* view = nullptr;
    QStringList messages;

    explicit Stage(int tokens = 20) {
      cluster.setNow(start);
      for (const auto* name : {"fra-1", "fra-2"}) {
        cluster::InstanceInfo info;
        info.id = QString::fromLatin1(name);
        info.url = QUrl(QStringLiteral("http://127.0.0.1:8011"));
        info.state = cluster::InstanceState::Live;
        info.answeredAt = start;
        info.issueRate = 3.3;
        info.ttlSec = 60;
        info.maxTtlSec = 300;
        cluster.addInstance(info);
      }
      cluster.fakeTokens().setIssuerNames({QStringLiteral("fra-1"), QStringLiteral("fra-2")});
      QList<TokenRow> rows;
      for (int i = 0; i < tokens; ++i) rows << row(i);
      cluster.fakeTokens().reset(rows);
      if (tokens > 0) cluster.fakeTokens().setValue(rows[0].id, TokenText(tokenValue.toStdString()));
      page = new TokensPage({cluster, themes, clipboard});
      QObject::connect(page, &Page::message, &window, [this](const QString& text) { messages << text; });
      window.setCentralWidget(page);
      window.resize(1280, 720);
      window.show();
      page->setInView(true);
      view = page->findChild<TokenTableView*>();
    }
    /// The first ends last and stands at the top.
    static TokenRow row(int i) {
      TokenRow row = makeRow(static_cast<quint32>(i + 1), start + 60'000 - i * 1000);
      row.issuer = static_cast<std::int16_t>(i % 2);
      row.own = i == 0;
      return row;
    }
    [[nodiscard]] TokenTableModel& model() const { return *page->findChild<TokenTableModel*>(); }
    [[nodiscard]] TokenCommands& commands() const { return *page->findChild<TokenCommands*>(); }
    [[nodiscard]] TokenDetails& details() const { return *page->findChild<TokenDetails*>(); }
    [[nodiscard]] TokenIssueForm& form() const { return *page->findChild<TokenIssueForm*>(); }
    [[nodiscard]] static QString copied() { return QGuiApplication::clipboard()->text(); }
    void pass(qint64 ms) {
      cluster.advance(ms);
      Q_EMIT page->findChild<Countdown*>()->ticked();
    }
  };

 private Q_SLOTS:
  void init() { QGuiApplication::clipboard()->clear(); }

  void theVerdictSaysHowManyLive() {
    Stage stage;
    auto* header = stage.page->findChild<PageHeader*>();
    QCOMPARE(header->mark(), Mark::Live);
    QVERIFY2(header->verdict().contains(QStringLiteral("20 live")), qPrintable(header->verdict()));
    QVERIFY2(header->verdict().contains(QStringLiteral("6.6 issued per second, 60 s each")), qPrintable(header->verdict()));
    stage.pass(37'000);
    QVERIFY2(header->verdict().contains(QStringLiteral("1 expires in the next 5 s")) ||
                 header->verdict().contains(QStringLiteral("2 expire in the next 5 s")), qPrintable(header->verdict()));
  }

  void theFormIssuesWhatItSays() {
    Stage stage;
    const auto spins = stage.form().findChildren<QSpinBox*>();
    QCOMPARE(spins.size(), 2);
    stage.page->issueWithForm();
    QCOMPARE(stage.cluster.issueSpec.count, 1);
    QVERIFY(!stage.cluster.issueSpec.ttlSec);  // untouched: the instance's own default
    QCOMPARE(stage.cluster.issueSpec.slot, -1);
    stage.cluster.issueJob->finish(cluster::IssueOutcome{1, {Stage::row(30).id}, {}});
    QCOMPARE(stage.messages.last(), QStringLiteral("Issued 1 token"));

    spins[0]->setValue(5000);
    spins[1]->setValue(90);
    stage.form().findChild<QCheckBox*>()->setChecked(true);
    stage.form().findChild<QComboBox*>()->setCurrentIndex(2);
    QPushButton* issue = button(stage.form(), QStringLiteral("Issue 5,000 tokens"));
    QVERIFY(issue != nullptr);
    issue->click();
    const auto& spec = stage.cluster.issueSpec;
    QCOMPARE(spec.count, 5000);
    QCOMPARE(spec.ttlSec, std::optional<int>(90));
    QCOMPARE(spec.slot, 1);
    QVERIFY(spec.singleUse);
    QVERIFY(!issue->isEnabled());
    stage.cluster.issueJob->progress(1200);
    button(stage.form(), QStringLiteral("Cancel"))->click();
    QVERIFY(stage.cluster.issueJob->cancelled);
    cluster::Failure failure{cluster::Failure::Kind::Http, 503, QStringLiteral("store_full"), {}, {}, QStringLiteral("fra-2")};
    stage.cluster.issueJob->finish(cluster::IssueOutcome{1200, {}, failure});
    QVERIFY(issue->isEnabled());
    QVERIFY2(allText(stage.form()).contains(QStringLiteral("Issued 1,200 of 5,000 tokens. fra-2 can’t store it now (503 store_full).")),
             qPrintable(allText(stage.form())));
  }

  void anIssuedTokenIsSelectedWhenItsRowComes() {
    Stage stage;
    stage.page->issueWithForm();
    TokenRow fresh = makeRow(999, start + 30'500);
    stage.cluster.issueJob->finish(cluster::IssueOutcome{1, {fresh.id}, {}});
    stage.cluster.fakeTokens().add({fresh});
    QCOMPARE(stage.view->selectedIds(), QList<cluster::TokenId>{fresh.id});
  }

  void oneTokenIsRevokedAtOnceSeveralAfterAQuestion() {
    Stage stage;
    stage.view->selectRow(3);
    QTest::keyClick(stage.view, Qt::Key_Delete);
    if (!stage.cluster.revokeJob) stage.commands().revokeSelected();
    QVERIFY(stage.cluster.revokeJob);
    QCOMPARE(stage.cluster.revokeSpec.ids, QList<cluster::TokenId>{Stage::row(3).id});
    QVERIFY(stage.page->findChild<ConfirmDialog*>() == nullptr);
    stage.cluster.revokeJob->finish(cluster::RevokeOutcome{1, false, {}});
    QCOMPARE(stage.messages.last(), QStringLiteral("Revoked 1 token"));

    stage.cluster.revokeSpec = {};
    stage.view->selectAll();
    stage.commands().revokeSelected();
    auto* dialog = stage.page->findChild<ConfirmDialog*>();
    QVERIFY(dialog != nullptr);
    QVERIFY(stage.cluster.revokeSpec.ids.isEmpty());
    QVERIFY2(dialog->verbButton()->text().contains(QStringLiteral("Revoke 20 tokens")), qPrintable(dialog->verbButton()->text()));
    dialog->verbButton()->click();
    QCOMPARE(stage.cluster.revokeSpec.ids.size(), 20);
    QVERIFY(!stage.cluster.revokeSpec.all);
  }

  void allAreRevokedOnlyAfterAQuestion() {
    Stage stage;
    button(*stage.page, QStringLiteral("Revoke all"))->click();
    auto* dialog = stage.page->findChild<ConfirmDialog*>();
    QVERIFY(dialog != nullptr);
    dialog->cancelButton()->click();
    QVERIFY(!stage.cluster.revokeJob);
    stage.page->revokeAll();
    for (auto* each : stage.page->findChildren<ConfirmDialog*>()) {
      if (each->isVisible()) each->verbButton()->click();
    }
    QVERIFY(stage.cluster.revokeJob);
    QVERIFY(stage.cluster.revokeSpec.all);
  }

  void readOnlyAndUnreachableSayWhy() {
    Stage stage;
    stage.cluster.setCanChange(false);
    QPushButton* issue = button(stage.form(), QStringLiteral("Issue 1 token"));
    QVERIFY(!issue->isEnabled());
    QVERIFY(issue->toolTip().contains(QStringLiteral("Read-only")));
    stage.page->issueWithForm();
    QVERIFY(!stage.cluster.issueJob);
    stage.view->selectRow(0);
    stage.commands().revokeSelected();
    QVERIFY(!stage.cluster.revokeJob);
    stage.cluster.setCanChange(true);
    QVERIFY(issue->isEnabled());
    for (cluster::InstanceInfo info : stage.cluster.instances()) {
      info.state = cluster::InstanceState::Unreachable;
      info.reason = QStringLiteral("connection_refused");
      stage.cluster.setInstance(info);
    }
    stage.pass(12'000);
    QVERIFY(!issue->isEnabled());
    auto* header = stage.page->findChild<PageHeader*>();
    QCOMPARE(header->mark(), Mark::Unreachable);
    QVERIFY2(header->verdict().contains(QStringLiteral("12 s old")), qPrintable(header->verdict()));
    QVERIFY(stage.page->findChild<Countdown*>()->stale());
    QCOMPARE(stage.model().rowCount(), 20);
  }

  void valuesAreCopiedThroughTheGuardAndOnlyOwnOnes() {
    Stage stage;
    stage.view->selectRow(0);
    stage.commands().copyValue();
    QCOMPARE(Stage::copied(), tokenValue);
    QVERIFY(stage.clipboard.holdsSecret());
    QVERIFY(stage.clipboard.secondsLeft() <= 60 && stage.clipboard.secondsLeft() >= 59);
    // Revoked: it leaves the clipboard at once.
    TokenRow dead = Stage::row(0);
    dead.state = cluster::TokenState::Revoked;
    stage.cluster.fakeTokens().change({dead});
    QVERIFY(!Stage::copied().contains(tokenValue));

    stage.view->selectRow(5);
    stage.commands().copyValue();
    QVERIFY(!stage.clipboard.holdsSecret());
    QVERIFY(stage.messages.last().contains(QStringLiteral("issued from this console")));
  }

  void nothingCopiedEverHoldsThePrincipal() {
    Stage stage;
    stage.cluster.setPrincipal(Secret("the-principal-of-this-very-test"));
    for (const int row : {0, 5}) {
      stage.view->selectRow(row);
      for (const auto copy : {&TokenCommands::copyCurl, &TokenCommands::copyEventSource, &TokenCommands::copyRows}) {
        (stage.commands().*copy)();
        QVERIFY(!Stage::copied().isEmpty());
        QVERIFY(!Stage::copied().contains(QStringLiteral("the-principal")));
      }
    }
    stage.view->selectRow(0);
    stage.commands().copyCurl();
    QVERIFY(Stage::copied().contains(tokenValue));
    QVERIFY(stage.clipboard.holdsSecret());
    stage.view->selectRow(5);
    stage.commands().copyCurl();
    QVERIFY(Stage::copied().contains(QStringLiteral("$VX11_OPERATOR_TOKEN")));
    QVERIFY(!stage.clipboard.holdsSecret());
  }

  void rowsAreCopiedMasked() {
    Stage stage;
    stage.view->selectRow(0);
    stage.commands().revealSelected();
    stage.commands().copyRows();
    QVERIFY(!Stage::copied().contains(tokenValue));
    QVERIFY(Stage::copied().startsWith(Stage::row(0).masked()));
  }

  void aRevealedValueIsShownForFifteenSeconds() {
    Stage stage;
    stage.view->selectRow(0);
    QVERIFY(!allText(stage.details()).contains(tokenValue));
    stage.commands().revealSelected();
    QVERIFY(allText(stage.details()).contains(tokenValue));
    QVERIFY(allText(stage.details()).contains(QStringLiteral("Shown for 15 s more")));
    stage.pass(3000);
    QVERIFY(allText(stage.details()).contains(QStringLiteral("Shown for 12 s more")));
    stage.pass(12'000);
    QVERIFY(!allText(stage.details()).contains(tokenValue));
    stage.commands().revealSelected();
    QVERIFY(allText(stage.details()).contains(tokenValue));
    stage.view->selectRow(1);  // another choice hides it
    stage.view->selectRow(0);
    QVERIFY(!allText(stage.details()).contains(tokenValue));
    stage.view->selectRow(5);
    stage.commands().revealSelected();
    QVERIFY(stage.messages.last().contains(QStringLiteral("issued from this console")));
  }

  void theChosenTokenIsChecked() {
    Stage stage;
    stage.view->selectRow(0);
    stage.commands().checkSelected();
    QCOMPARE(QString::fromStdString(std::string(stage.cluster.checkedToken.reveal())), tokenValue);
    QCOMPARE(stage.cluster.checkedSlot, -1);
    using Verdict = cluster::CheckAnswer::Verdict;
    stage.cluster.checkJob->finish(QList<cluster::CheckAnswer>{{0, Verdict::Accepted, 200, 51'000, QStringLiteral("memory"), 0.8, {}},
                                                               {1, Verdict::Refused, 403, 0, {}, 1.1, {}}});
    QVERIFY2(allText(stage.details()).contains(QStringLiteral("1 accepted, 1 refused")) ||
                 stage.messages.last().contains(QStringLiteral("fra-1 accepted, fra-2 refused")), qPrintable(stage.messages.last()));
    QCOMPARE(stage.commands().checks().of(Stage::row(0).id)->accepted, 1);
    QCOMPARE(stage.commands().checks().of(Stage::row(0).id)->refused, 1);
  }

  void aPastedTokenIsMaskedCheckedAndForgotten() {
    Stage stage;
    stage.page->checkToken();
    auto* popup = stage.page->findChild<TokenCheckPopup*>();
    QVERIFY(popup->isVisible());
    auto* field = popup->findChild<QLineEdit*>();
    QCOMPARE(field->echoMode(), QLineEdit::Password);
    field->setText(u' ' + tokenValue + u'\n');
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(QString::fromStdString(std::string(stage.cluster.checkedToken.reveal())), tokenValue);
    cluster::CheckAnswer answer{0, cluster::CheckAnswer::Verdict::Accepted, 200, 51'000, QStringLiteral("memory"), 0.8, {}};
    Q_EMIT stage.cluster.checkJob->answered(answer);
    stage.cluster.checkJob->finish(QList<cluster::CheckAnswer>{answer});
    QVERIFY2(allText(*popup).contains(QStringLiteral("51 s left, memory, 0.8 ms")), qPrintable(allText(*popup)));
    QCOMPARE(popup->findChildren<MarkLabel*>().size(), 1);
    popup->hide();
    QVERIFY(field->text().isEmpty());
    QVERIFY(popup->findChildren<MarkLabel*>().isEmpty());
  }

  void theExportHoldsMaskedValuesOfTheRowsShown() {
    Stage stage;
    stage.view->selectRow(0);
    stage.commands().revealSelected();
    stage.model().setFilter(QStringLiteral("fra-1"));
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("tokens.csv"));
    stage.page->exportTo(path);
    QTRY_VERIFY(!stage.messages.isEmpty());
    QVERIFY2(stage.messages.last().contains(QStringLiteral("Exported 10 tokens")), qPrintable(stage.messages.last()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    QCOMPARE(text.count(u'\n'), 11);
    QVERIFY(text.contains(Stage::row(0).masked()));
    QVERIFY(!text.contains(tokenValue));
    QVERIFY(!text.contains(QStringLiteral("fra-2")));
    stage.page->exportTo(QStringLiteral("/nowhere/at/all.csv"));
    QVERIFY(stage.messages.last().startsWith(QStringLiteral("Not exported")));
  }

  void theFilterNarrowsAndEscapeClearsIt() {
    Stage stage;
    stage.page->focusFilter();
    auto* field = stage.page->findChild<QLineEdit*>(QString());
    for (auto* each : stage.page->findChildren<QLineEdit*>()) {
      if (each->placeholderText().startsWith(QStringLiteral("Filter"))) field = each;
    }
    field->setText(QStringLiteral("fra-2"));
    QCOMPARE(stage.model().rowCount(), 10);
    QVERIFY(allText(*stage.page).contains(QStringLiteral("Showing 10 of 20")));
    field->setText(QStringLiteral("no such thing"));
    QVERIFY(!stage.view->isVisible());
    stage.page->escape();
    QVERIFY(field->text().isEmpty());
    QVERIFY(stage.view->isVisible());
    QCOMPARE(stage.model().rowCount(), 20);
  }

  void anEmptyTableOffersTheFirstStep() {
    Stage stage(0);
    EmptyState* empty = nullptr;
    for (auto* each : stage.page->findChildren<EmptyState*>()) {
      if (each->isVisible()) empty = each;
    }
    QVERIFY(empty != nullptr);
    QCOMPARE(empty->sentence(), QStringLiteral("No live token. Issue one; it lives 60 s."));
    empty->button()->click();
    QCOMPARE(stage.cluster.issueSpec.count, 1);
    QVERIFY(stage.cluster.issueJob);
    stage.cluster.fakeTokens().add({Stage::row(1)});
    QVERIFY(stage.view->isVisible());
  }

  void theTableKeepsItsPlaceWhileRowsComeAndGo() {
    Stage stage(300);
    auto* bar = stage.view->verticalScrollBar();
    bar->setValue(100 * 26 + 7);
    const cluster::TokenId top = stage.model().rowAt(stage.view->rowAt(0)).id;
    stage.view->selectionModel()->setCurrentIndex(stage.model().index(103, 0),
                                                  QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    const cluster::TokenId chosen = stage.model().rowAt(103).id;
    QList<TokenRow> fresh;
    for (quint32 i = 0; i < 40; ++i) fresh << makeRow(5000 + i, start + 70'000 + i);
    QList<cluster::TokenId> gone;
    for (int i = 0; i < 300; i += 3) {
      if (Stage::row(i).id != top && Stage::row(i).id != chosen) gone << Stage::row(i).id;
    }
    stage.cluster.fakeTokens().apply({false, fresh, {}, gone});
    QCOMPARE(stage.model().rowAt(stage.view->rowAt(0)).id, top);
    QCOMPARE(bar->value() % 26, 7);
    QCOMPARE(stage.view->selectedIds(), QList<cluster::TokenId>{chosen});
    QCOMPARE(stage.model().rowAt(stage.view->currentIndex().row()).id, chosen);
    // The current one ends: the keys stay near, nothing else is selected, the view doesn't move.
    const int before = bar->value();
    stage.cluster.fakeTokens().remove({chosen});
    QVERIFY(stage.view->selectedIds().isEmpty());
    QVERIFY(qAbs(stage.view->currentIndex().row() - *stage.model().rowOf(top)) < 6);
    QCOMPARE(bar->value(), before);
    QVERIFY(allText(stage.details()).contains(QStringLiteral("Expired")));
    // At the very top it stays there.
    bar->setValue(0);
    stage.cluster.fakeTokens().add({makeRow(7000, start + 90'000)});
    QCOMPARE(bar->value(), 0);
    QCOMPARE(stage.view->rowAt(0), 0);
  }

  void aLargeSelectionStaysWithItsTokens() {
    Stage stage(1000);
    stage.view->selectAll();
    QCOMPARE(stage.view->selectedCount(), 1000);
    QList<cluster::TokenId> gone;
    for (int i = 0; i < 1000; i += 4) gone << Stage::row(i).id;
    TokenRow between = makeRow(9000, Stage::row(500).expiresAt + 1);
    stage.cluster.fakeTokens().apply({false, {between}, {}, gone});
    QCOMPARE(stage.model().rowCount(), 751);
    const auto ids = stage.view->selectedIds();
    QCOMPARE(ids.size(), 750);
    QVERIFY(!ids.contains(between.id));
    for (const auto& id : ids) QVERIFY(stage.model().rowOf(id));
    stage.view->horizontalHeader()->setSortIndicator(0, Qt::AscendingOrder);
    QCOMPARE(stage.view->selectedCount(), 750);
    QVERIFY(!stage.view->selectedIds().contains(between.id));
  }

  void aPausedPageStandsStillAndCatchesUp() {
    Stage stage;
    stage.page->setPaused(true);
    stage.cluster.fakeTokens().add({Stage::row(40)});
    stage.cluster.advance(5000);
    QCOMPARE(stage.model().rowCount(), 20);
    QCOMPARE(stage.model().index(0, 1).data().toString(), QStringLiteral("60 s"));
    stage.page->setPaused(false);
    QCOMPARE(stage.model().rowCount(), 21);
    QCOMPARE(stage.model().index(0, 1).data().toString(), QStringLiteral("55 s"));
  }

  void outOfViewNothingIsDone() {
    Stage stage;
    stage.page->setInView(false);
    QVERIFY(!stage.cluster.fakeTokens().active());
    stage.cluster.fakeTokens().add({Stage::row(40)});
    QCOMPARE(stage.model().rowCount(), 20);
    QVERIFY(!stage.page->findChild<Countdown*>()->running());
    stage.page->setInView(true);
    QCOMPARE(stage.model().rowCount(), 21);
  }

  void columnsOrderAndDensityComeBack() {
    QVariantMap state;
    {
      Stage stage;
      stage.view->setColumnWidth(0, 333);
      stage.view->setColumnHidden(2, true);
      stage.view->horizontalHeader()->moveSection(5, 1);
      stage.view->horizontalHeader()->setSortIndicator(3, Qt::AscendingOrder);
      stage.view->setDensity(Density::Compact);
      QCOMPARE(stage.view->rowHeight(0), 22);
      state = stage.page->viewState();
    }
    Stage stage;
    stage.page->restoreViewState(state);
    QCOMPARE(stage.view->columnWidth(0), 333);
    QVERIFY(stage.view->isColumnHidden(2));
    QCOMPARE(stage.view->horizontalHeader()->visualIndex(5), 1);
    QCOMPARE(stage.view->density(), Density::Compact);
    QCOMPARE(stage.model().order().column(), TokenColumn::IssuedBy);
    QCOMPARE(stage.model().order().direction(), Qt::AscendingOrder);
    // Rubbish changes nothing.
    stage.page->restoreViewState({{QStringLiteral("widths"), QVariantList{-5, QStringLiteral("x")}},
                                  {QStringLiteral("hidden"), QVariantList{true, true, true, true, true, true}},
                                  {QStringLiteral("sortColumn"), 77},
                                  {QStringLiteral("density"), 9}});
    QCOMPARE(stage.view->columnWidth(0), 333);
    QVERIFY(!stage.view->isColumnHidden(0));
  }

  void inANarrowWindowThePanelLiesBelow() {
    Stage stage;
    auto* panel = stage.page->findChild<TokenSidePanel*>();
    QVERIFY(!panel->below());
    stage.window.resize(1024, 640);
    QTRY_VERIFY(panel->below());
    QTRY_VERIFY(panel->y() > stage.view->mapTo(stage.page, QPoint(0, 0)).y());
    QVERIFY(stage.form().isVisible());
    QVERIFY(!stage.details().isVisible());
  }
};

QTEST_MAIN(TokensPageTest)
#include "test_tokens_page.moc"
