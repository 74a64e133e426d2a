// What the Tokens page shows: the table, its filter, its export, its place in a window.
#include "tokens_stage.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

class TokensTableTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QGuiApplication::clipboard()->clear(); }

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
    const int chosenAt = stage.view->rowViewportPosition(103);
    QList<TokenRow> fresh;
    for (quint32 i = 0; i < 40; ++i) fresh << makeRow(5000 + i, start + 70'000 + i);
    QList<cluster::TokenId> gone;
    for (int i = 0; i < 300; i += 3) {
      if (Stage::row(i).id != top && Stage::row(i).id != chosen) gone << Stage::row(i).id;
    }
    TokenRow between = makeRow(6000, Stage::row(101).expiresAt + 1);
    stage.cluster.fakeTokens().apply({false, fresh + QList<TokenRow>{between}, {}, {}});
    // The chosen one stands still, though one came between it and the topmost.
    QCOMPARE(stage.view->rowViewportPosition(*stage.model().rowOf(chosen)), chosenAt);
    stage.cluster.fakeTokens().apply({false, {}, {}, gone + QList<cluster::TokenId>{between.id}});
    QCOMPARE(stage.view->rowViewportPosition(*stage.model().rowOf(chosen)), chosenAt);
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

  void anIssuedTokenIsShownAmongItsNeighbours() {
    Stage stage(300);
    const int row = 200, height = stage.view->viewport()->height();
    stage.page->showToken(stage.model().rowAt(row).id);
    QCOMPARE(stage.view->currentIndex().row(), row);
    const int at = stage.view->rowViewportPosition(row);
    QVERIFY2(at > height / 4 && at < height * 3 / 4, qPrintable(QString::number(at)));
    const int before = stage.view->verticalScrollBar()->value();
    stage.page->showToken(stage.model().rowAt(row + 2).id);  // in sight already: nothing moves
    QCOMPARE(stage.view->verticalScrollBar()->value(), before);
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

  void columnsAndOrderComeBack() {
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
    QCOMPARE(stage.model().order().column(), TokenColumn::IssuedBy);
    QCOMPARE(stage.model().order().direction(), Qt::AscendingOrder);
    // Rubbish changes nothing.
    stage.page->restoreViewState({{QStringLiteral("widths"), QVariantList{-5, QStringLiteral("x")}},
                                  {QStringLiteral("hidden"), QVariantList{true, true, true, true, true, true}},
                                  {QStringLiteral("sortColumn"), 77}});
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

QTEST_MAIN(TokensTableTest)
#include "test_tokens_table.moc"
