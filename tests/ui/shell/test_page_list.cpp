#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "shell/page_list.h"

using namespace vx11::ui;

class TestPageList : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void rowsAreCaptionsAndPages() {
    PageListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 11);
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("Watch"));
    QVERIFY(!(model.flags(model.index(0)) & Qt::ItemIsSelectable));
    QCOMPARE(model.indexOf(PageId::Rollback).row(), 10);
  }

  void badgesAreSpoken() {
    PageListModel model;
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setBadge(PageId::Tokens, {QStringLiteral("398"), false, false});
    model.setBadge(PageId::Tokens, {QStringLiteral("398"), false, false});
    QCOMPARE(changed.count(), 1);
    const auto spoken = [&](PageId id) { return model.indexOf(id).data(Qt::AccessibleTextRole).toString(); };
    QCOMPARE(spoken(PageId::Tokens), QStringLiteral("Tokens, 398"));
    model.setBadge(PageId::Overview, {QStringLiteral("1"), true, false});
    QCOMPARE(spoken(PageId::Overview), QStringLiteral("Overview, warning 1"));
    QVERIFY(spoken(PageId::Trials).startsWith(QStringLiteral("Trials. Not in this version.")));
  }

  void aReasonIsSaidAndComesAndGoes() {
    PageListModel model;
    const QModelIndex redis = model.indexOf(PageId::Redis);
    QVERIFY(redis.data(PageListModel::AvailableRole).toBool());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setReason(PageId::Redis, QStringLiteral("Not used."));
    model.setReason(PageId::Redis, QStringLiteral("Not used."));
    QCOMPARE(changed.count(), 1);
    QVERIFY(!redis.data(PageListModel::AvailableRole).toBool());
    QCOMPARE(redis.data(Qt::AccessibleTextRole).toString(), QStringLiteral("Redis. Not used."));
    QCOMPARE(redis.data(Qt::ToolTipRole).toString(), QStringLiteral("Not used."));
    model.setReason(PageId::Redis, {});
    QVERIFY(redis.data(PageListModel::AvailableRole).toBool());
    QCOMPARE(redis.data(Qt::ToolTipRole).toString(), QStringLiteral("Redis (Ctrl+4)"));
  }

  void arrowKeysSkipCaptions() {
    PageList list;
    list.resize(list.width(), 500);
    list.show();
    list.setCurrentPage(PageId::Redis);
    QSignalSpy chosen(&list, &PageList::pageChosen);
    QTest::keyClick(&list, Qt::Key_Down);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.last().first().value<PageId>(), PageId::Matrix);
  }

  void narrowShowsIconsOnly() {
    PageList list;
    QCOMPARE(list.width(), 215);
    list.setNarrow(true);
    QCOMPARE(list.width(), 47);
    QCOMPARE(list.visualRect(list.pages().indexOf(PageId::Tokens)).height(), 32);
  }
};

QTEST_MAIN(TestPageList)
#include "test_page_list.moc"
