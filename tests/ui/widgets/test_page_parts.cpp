// What holds a page together: rows that give way whole, a scroll bar that stands in the margin.
#include <QLabel>
#include <QScrollBar>
#include <QTest>
#include <QVBoxLayout>

#include "widgets/metrics.h"
#include "widgets/page_scroll.h"
#include "widgets/row_stack.h"

using namespace vx11::ui;

class TestPageParts : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void asManyRowsAsFit_data() {
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("filled");
    QTest::addColumn<int>("shown");
    QTest::newRow("all") << 200 << 10 << 10;
    QTest::newRow("just all") << 100 << 10 << 10;
    QTest::newRow("one would be cut") << 99 << 10 << 9;
    QTest::newRow("few") << 61 << 10 << 6;
    QTest::newRow("not filled") << 200 << 4 << 4;
    QTest::newRow("none") << 200 << 0 << 0;
  }
  void asManyRowsAsFit() {
    QFETCH(int, height);
    QFETCH(int, filled);
    QFETCH(int, shown);
    RowStack stack(10, 3);
    QList<QWidget*> rows;
    for (int i = 0; i < 10; ++i) {
      rows << new QLabel;
      stack.add(rows.last());
    }
    QCOMPARE(stack.minimumHeight(), 30);
    stack.setFilled(filled);
    stack.resize(100, height);
    stack.show();
    QCOMPARE(std::count_if(rows.begin(), rows.end(), [](const QWidget* row) { return row->isVisible(); }), shown);
    for (int i = 0; i < shown; ++i) QTRY_COMPARE(rows.at(i)->geometry(), QRect(0, 10 * i, 100, 10));
  }

  void cardsKeepTheirEdgeBesideTheBar() {
    PageScroll scroll;
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    auto* card = new QLabel;
    card->setMinimumHeight(300);
    column->addWidget(card);
    scroll.setContent(content);
    const auto edge = [&] { return card->mapTo(&scroll, QPoint(card->width(), 0)).x(); };
    scroll.resize(500, 400);
    scroll.show();
    QTRY_COMPARE(edge(), 500 - metrics::pageSide);
    QVERIFY(!scroll.verticalScrollBar()->isVisible());
    scroll.resize(500, 200);
    QTRY_VERIFY(scroll.verticalScrollBar()->isVisible());
    QTRY_COMPARE(edge(), 500 - std::max(metrics::pageSide, scroll.verticalScrollBar()->width()));
    QCOMPARE(card->x(), metrics::pageSide);
  }
};

QTEST_MAIN(TestPageParts)
#include "test_page_parts.moc"
