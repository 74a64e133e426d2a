// The shared widgets as a person meets them: colours of the theme in force, keys, names for screen readers.
#include <QAbstractButton>
#include <QImage>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>
#include <functional>
#include <limits>
#include <memory>

#include "widgets/card.h"
#include "widgets/cap_button.h"
#include "widgets/elided_label.h"
#include "widgets/empty_state.h"
#include "widgets/figure.h"
#include "widgets/inline_bar.h"
#include "widgets/key_value.h"
#include "widgets/link_button.h"
#include "widgets/page_header.h"
#include "widgets/segmented.h"
#include "widgets/sparkline.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"
#include "widgets/ttl_bar.h"

using namespace vx11::ui;

namespace {

constexpr double noAnswer = std::numeric_limits<double>::quiet_NaN();

QImage shot(QWidget& widget) { return widget.grab().toImage().convertToFormat(QImage::Format_RGB32); }

int countOf(const QImage& image, const QColor& color) {
  int found = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) found += image.pixelColor(x, y) == color ? 1 : 0;
  }
  return found;
}

}  // namespace

class TestWidgets : public QObject {
  Q_OBJECT
 private:
  std::unique_ptr<ThemeManager> themes_;

  void bothThemes(const std::function<void(const Theme&)>& check) {
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
      themes_->choose(choice);
      check(themes_->theme());
    }
  }

 private Q_SLOTS:
  void initTestCase() { themes_ = std::make_unique<ThemeManager>(); }
  void cleanupTestCase() { themes_.reset(); }

  /// One card lives through the change of theme: nothing is made anew.
  void cardTakesItsColoursFromTheThemeInForce() {
    Card card(QStringLiteral("fra-3"));
    card.setMark(Mark::Degraded);
    card.setHeaderWord(QStringLiteral("Degraded"), Token::Warn);
    card.resize(250, 200);
    bothThemes([&](const Theme& theme) {
      card.setEdge(Card::Edge::Quiet);
      QImage image = shot(card);
      QCOMPARE(image.pixelColor(125, 0), theme.color(Token::Border));
      QCOMPARE(image.pixelColor(125, 100), theme.color(Token::Base));
      QCOMPARE(image.pixelColor(125, 36), theme.color(Token::Border));
      QVERIFY(countOf(image, theme.color(Token::Warn)) > 10);
      card.setEdge(Card::Edge::Warning);
      QCOMPARE(shot(card).pixelColor(125, 0), theme.color(Token::Warn));
      card.setEdge(Card::Edge::Critical);
      QCOMPARE(shot(card).pixelColor(125, 199), theme.color(Token::Crit));
    });
  }

  void textFollowsTheTheme() {
    QWidget window;
    auto* layout = new QVBoxLayout(&window);
    auto* label = new TextLabel(QStringLiteral("MMMMM"), FontRole::Figure, Token::Text3);
    auto* elided = new ElidedLabel(QStringLiteral("MMMMM"), FontRole::Figure, Token::Crit);
    layout->addWidget(label);
    layout->addWidget(elided);
    window.resize(200, 100);
    bothThemes([&](const Theme& theme) {
      QCOMPARE(label->palette().color(QPalette::WindowText), theme.color(Token::Text3));
      const QImage image = shot(window);
      QVERIFY(countOf(image, theme.color(Token::Text3)) > 20);
      QVERIFY(countOf(image, theme.color(Token::Crit)) > 20);
    });
  }

  void clickableCardTakesKeysAndMouse() {
    Card card(QStringLiteral("a"));
    card.resize(200, 100);
    QSignalSpy activated(&card, &Card::activated);
    QCOMPARE(card.focusPolicy(), Qt::NoFocus);
    QTest::keyClick(&card, Qt::Key_Return);
    QTest::mouseClick(&card, Qt::LeftButton, {}, QPoint(50, 50));
    QCOMPARE(activated.count(), 0);
    card.setClickable(true);
    QCOMPARE(card.focusPolicy(), Qt::StrongFocus);
    QTest::keyClick(&card, Qt::Key_Return);
    QTest::keyClick(&card, Qt::Key_Space);
    QTest::mouseClick(&card, Qt::LeftButton, {}, QPoint(50, 50));
    QCOMPARE(activated.count(), 3);
    QTest::keyClick(&card, Qt::Key_A);
    QCOMPARE(activated.count(), 3);
  }

  void focusShowsInAccent() {
    Card card(QStringLiteral("a"));
    card.setClickable(true);
    card.resize(200, 100);
    card.show();
    card.activateWindow();
    card.setFocus();
    QTRY_VERIFY(card.hasFocus());
    QCOMPARE(shot(card).pixelColor(100, 1), themes_->theme().color(Token::Accent));
  }

  void linkIsAButton() {
    LinkButton link(QStringLiteral("All"));
    QSignalSpy clicked(&link, &QAbstractButton::clicked);
    QTest::keyClick(&link, Qt::Key_Return);
    QTest::keyClick(&link, Qt::Key_Space);
    QCOMPARE(clicked.count(), 2);
  }

  void elidedLabelTellsTheWholeOnlyWhenSomethingIsMissing() {
    ElidedLabel label(QStringLiteral("a sentence that is rather long"));
    label.show();
    label.resize(label.sizeHint());
    QVERIFY(!label.isElided());
    QVERIFY(label.toolTip().isEmpty());
    label.resize(60, label.height());
    QVERIFY(label.isElided());
    QCOMPARE(label.toolTip(), label.text());
    QCOMPARE(label.accessibleName(), label.text());
  }

  void figureNeverWritesUnknownAsZero() {
    Figure figure(QStringLiteral("Streams"));
    figure.setCount({});
    QCOMPARE(figure.text(), QStringLiteral("unknown"));
    QCOMPARE(figure.accessibleName(), QStringLiteral("Streams: unknown"));
    figure.resize(120, 60);
    QVERIFY(countOf(shot(figure), themes_->theme().color(Token::Text3)) > 5);
    figure.setCount(0);
    QCOMPARE(figure.text(), QStringLiteral("0"));
    figure.setQuantity(format::rateParts(6.2));
    figure.setStale(format::age(12));
    QCOMPARE(figure.accessibleName(), QStringLiteral("Streams: 6.2/s"));
    QCOMPARE(figure.accessibleDescription(), QStringLiteral("12 s old"));
    QCOMPARE(countOf(shot(figure), themes_->theme().color(Token::Text)), 0);
  }

  void keyValueTellsItsAge() {
    KeyValueList list;
    KeyValueRow* row = list.add(QStringLiteral("Address"));
    row->setValue(QStringLiteral("127.0.0.1"));
    QCOMPARE(row->accessibleName(), QStringLiteral("Address: 127.0.0.1"));
    row->setQuantity(format::latencyParts(0.9));
    QCOMPARE(row->value(), QStringLiteral("0.9 ms"));
    list.setStale(QStringLiteral("12 s old"));
    QCOMPARE(row->accessibleDescription(), QStringLiteral("12 s old"));
    row->setQuantity(format::latencyParts({}));
    QCOMPARE(row->value(), QStringLiteral("unknown"));
  }

  void sparklineKeepsGaps() {
    const auto pieces = curvePieces({1, 2, noAnswer, 4, noAnswer, noAnswer, 1, 1}, QRectF(0, 0, 70, 40), 4);
    QCOMPARE(pieces.size(), std::size_t{3});
    QCOMPARE(pieces[0].size(), 2);
    QCOMPARE(pieces[1].size(), 1);
    QCOMPARE(pieces[1].first(), QPointF(30, 0));
    QCOMPARE(pieces[2].last(), QPointF(70, 30));
    QVERIFY(curvePieces({noAnswer, noAnswer}, QRectF(0, 0, 70, 40), 1).empty());
    QCOMPARE(largestOf({noAnswer, 3, 2}), 3.0);
    QCOMPARE(largestOf({noAnswer}), 0.0);
  }

  void ttlBarColours_data() {
    QTest::addColumn<double>("fraction");
    QTest::addColumn<int>("seconds");
    QTest::addColumn<bool>("stale");
    QTest::addColumn<int>("kind");  // 0 series, 1 amber, 2 idle
    QTest::newRow("fresh") << 0.8 << 48 << false << 0;
    QTest::newRow("eleven") << 0.18 << 11 << false << 0;
    QTest::newRow("ten") << 0.17 << 10 << false << 1;
    QTest::newRow("stale") << 0.8 << 48 << true << 2;
    QTest::newRow("stale and last") << 0.1 << 6 << true << 2;
  }
  void ttlBarColours() {
    QFETCH(double, fraction);
    QFETCH(int, seconds);
    QFETCH(bool, stale);
    QFETCH(int, kind);
    bothThemes([&](const Theme& theme) {
      TtlBar bar;
      bar.resize(100, 6);
      bar.set(fraction, seconds, stale);
      const QImage image = shot(bar);
      const QColor fill[] = {theme.series(1), theme.color(Token::WarnFill), theme.color(Token::Idle)};
      QCOMPARE(image.pixelColor(1, 3), fill[kind]);
      QCOMPARE(countOf(image, fill[kind]), qRound(fraction * 100) * 6);
      QCOMPARE(image.pixelColor(99, 3), theme.color(Token::Raised));
    });
  }

  void segmentedMovesByArrows() {
    Segmented range(QStringLiteral("Range"), {QStringLiteral("1 m"), QStringLiteral("5 m"), QStringLiteral("15 m")});
    QSignalSpy changed(&range, &Segmented::changed);
    QCOMPARE(range.current(), 0);
    range.show();
    range.activateWindow();
    auto buttons = range.findChildren<QAbstractButton*>();
    buttons.first()->setFocus();
    QTRY_VERIFY(buttons.first()->hasFocus());
    QTest::keyClick(buttons.first(), Qt::Key_Right);
    QCOMPARE(range.current(), 1);
    range.setCurrent(2);
    QCOMPARE(changed.count(), 2);
    QCOMPARE(changed.last().first().toInt(), 2);
  }

  void inlineBarHoldsOneBarACause() {
    InlineBar bar;
    QVERIFY(bar.isHidden());
    int retried = 0;
    const BarCause down{QStringLiteral("a"), Mark::Unreachable, QStringLiteral("a does not answer."),
                        QStringLiteral("Old values stay."), QStringLiteral("Attempt 5 in 3 s."),
                        {{QStringLiteral("Retry now"), {}, [&] { ++retried; }, {}},
                         {QStringLiteral("Runbook"), {}, {}, QStringLiteral("not here")}}};
    bar.setCause(down);
    bar.resize(800, bar.sizeHint().height());
    QVERIFY(!bar.isHidden());
    QCOMPARE(bar.causeCount(), 1);
    QCOMPARE(bar.text(), QStringLiteral("a does not answer. Old values stay. Attempt 5 in 3 s."));
    bar.setNext(QStringLiteral("a"), QStringLiteral("Attempt 5 in 2 s."));
    QVERIFY(bar.text().endsWith(QStringLiteral("in 2 s.")));

    auto buttons = bar.findChildren<QPushButton*>();
    QCOMPARE(buttons.size(), 2);
    QTest::mouseClick(buttons.at(0), Qt::LeftButton);
    QCOMPARE(retried, 1);
    QVERIFY(!buttons.at(1)->isEnabled());
    QCOMPARE(buttons.at(1)->toolTip(), QStringLiteral("not here"));

    BarCause again = down;
    again.next = QStringLiteral("Attempt 6 in 5 s.");
    bar.setCause(again);
    QCOMPARE(bar.causeCount(), 1);
    QCOMPARE(bar.findChildren<QPushButton*>(), buttons);  // a countdown doesn't take the button from under the pointer

    bar.setCause({QStringLiteral("b"), Mark::Degraded, QStringLiteral("b is slow."), {}, {}, {}});
    QCOMPARE(bar.causeCount(), 2);
    QVERIFY(bar.text().startsWith(QStringLiteral("a ")));
    auto* more = bar.findChild<LinkButton*>();
    QVERIFY(!more->isHidden());
    QCOMPARE(more->text(), QStringLiteral("and 1 more"));
    more->click();
    QVERIFY(bar.text().startsWith(QStringLiteral("b ")));
    bar.clearCause(QStringLiteral("b"));
    bar.clearCause(QStringLiteral("a"));
    QVERIFY(bar.isHidden());
  }

  void inlineBarEscapesWhatOthersSay() {
    InlineBar bar;
    bar.setCause({QStringLiteral("a"), Mark::Fail, QStringLiteral("<img src=x>"), QStringLiteral("<b>no</b>"), {}, {}});
    const auto labels = bar.findChildren<QLabel*>();
    QVERIFY(std::none_of(labels.begin(), labels.end(), [](QLabel* l) { return l->text().contains(QStringLiteral("<img")); }));
  }

  void headerSaysTheVerdict() {
    PageHeader header(QStringLiteral("Overview"));
    header.setVerdict(Mark::Degraded, QStringLiteral("Degraded."), QStringLiteral("fra-3 refuses tokens."));
    QCOMPARE(header.verdict(), QStringLiteral("Degraded. fra-3 refuses tokens."));
    QCOMPARE(header.mark(), Mark::Degraded);
    QCOMPARE(header.sizeHint().height(), 42);
  }

  void tagsAndCaps() {
    Tag tag(QStringLiteral("staging"), TagKind::Environment);
    QCOMPARE(tag.text(), QStringLiteral("STAGING"));
    QCOMPARE(tag.accessibleName(), QStringLiteral("staging"));
    CapButton plain(QStringLiteral("Issue token"), QString(), QString());
    CapButton button(QStringLiteral("Issue token"), QStringLiteral("plus"), QStringLiteral("Ctrl+N"));
    QVERIFY(button.sizeHint().width() > plain.sizeHint().width() + 30);
    button.setPrimary(true);
    button.resize(button.sizeHint());
    bothThemes([&](const Theme& theme) {
      QVERIFY(countOf(shot(button), theme.color(Token::Accent)) > button.width() * 10);
    });
  }

  void emptyStateHasOneButton() {
    EmptyState empty(QStringLiteral("key"), QStringLiteral("No live token."), QStringLiteral("Issue token"));
    QSignalSpy activated(&empty, &EmptyState::activated);
    empty.button()->click();
    QCOMPARE(activated.count(), 1);
    QCOMPARE(EmptyState(QStringLiteral("key"), QStringLiteral("Nothing.")).button(), nullptr);
  }
};

QTEST_MAIN(TestWidgets)
#include "test_widgets.moc"
