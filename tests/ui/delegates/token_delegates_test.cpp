#include "delegates/token_delegates.h"

#include <QHeaderView>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QTableView>
#include <QTest>

#include "core/cluster/fake_cluster.h"
#include "delegates/table_header.h"
#include "models/token_table_model.h"

using namespace vx11::ui;
using vx11::cluster::TokenRow;
using vx11::cluster::TokenState;
using vx11::cluster::testing::makeRow;

class TokenDelegatesTest : public QObject {
  Q_OBJECT

 private:
  static constexpr qint64 start = 1'000'000;
  qint64 now_ = start;

  struct Painted {
    QImage image;
    [[nodiscard]] int count(const QColor& color, const QRect& within = {}) const {
      const QRect area = within.isNull() ? image.rect() : within;
      int pixels = 0;
      for (int y = area.top(); y <= area.bottom(); ++y) {
        for (int x = area.left(); x <= area.right(); ++x) pixels += image.pixelColor(x, y) == color;
      }
      return pixels;
    }
  };

  template <typename Delegate>
  Painted paint(const Theme& theme, const TokenRow& row, TokenColumn column, bool selected = false, bool stale = false) {
    Countdown countdown([this] { return now_; });
    countdown.setStale(stale);
    TokenTableModel model({[this] { return now_; }, [](int) { return QStringLiteral("fra-1"); }});
    model.apply({false, {row}, {}, {}});
    Delegate delegate(countdown);
    Painted painted{QImage(146, 26, QImage::Format_ARGB32_Premultiplied)};
    painted.image.fill(Qt::magenta);
    QPainter painter(&painted.image);
    QStyleOptionViewItem option;
    option.palette = theme.palette();
    option.rect = painted.image.rect();
    if (selected) option.state |= QStyle::State_Selected;
    delegate.paint(&painter, option, model.index(0, static_cast<int>(column)));
    return painted;
  }

  static void addThemes() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
  }
  static Theme theme(bool dark) { return dark ? Theme::darkTheme() : Theme::light(); }

 private Q_SLOTS:
  void init() { now_ = start; }

  void theBarIsAsLongAsTheTimeLeft_data() { addThemes(); }
  void theBarIsAsLongAsTheTimeLeft() {
    QFETCH(bool, dark);
    const QColor fill = theme(dark).series(1);
    const TokenRow row = makeRow(1, start + 60'000);
    const QRect middle(cellPadding, 12, 78, 1);
    const int whole = paint<TtlBarDelegate>(theme(dark), row, TokenColumn::TimeLeft).count(fill, middle);
    now_ += 30'000;
    const int half = paint<TtlBarDelegate>(theme(dark), row, TokenColumn::TimeLeft).count(fill, middle);
    QVERIFY2(whole >= 74 && whole <= 78, qPrintable(QString::number(whole)));
    QVERIFY2(qAbs(half - 39) <= 2, qPrintable(QString::number(half)));
  }

  void theLastTenSecondsAreAmber_data() { addThemes(); }
  void theLastTenSecondsAreAmber() {
    QFETCH(bool, dark);
    const QColor amber = theme(dark).color(Token::WarnFill);
    const TokenRow row = makeRow(1, start + 60'000);
    now_ += 49'000;
    QCOMPARE(paint<TtlBarDelegate>(theme(dark), row, TokenColumn::TimeLeft).count(amber), 0);
    now_ += 1'500;
    QVERIFY(paint<TtlBarDelegate>(theme(dark), row, TokenColumn::TimeLeft).count(amber) > 0);
    now_ += 10'000;
    const Painted over = paint<TtlBarDelegate>(theme(dark), row, TokenColumn::TimeLeft);
    QCOMPARE(over.count(amber), 0);
    QCOMPARE(over.count(theme(dark).series(1)), 0);
  }

  void anOldListIsIdleAndGrey_data() { addThemes(); }
  void anOldListIsIdleAndGrey() {
    QFETCH(bool, dark);
    const TokenRow row = makeRow(1, start + 60'000);
    const Painted bar = paint<TtlBarDelegate>(theme(dark), row, TokenColumn::TimeLeft, false, true);
    QCOMPARE(bar.count(theme(dark).series(1)), 0);
    QVERIFY(bar.count(theme(dark).color(Token::Idle)) > 0);
    const Painted state = paint<StateDelegate>(theme(dark), row, TokenColumn::State, false, true);
    QCOMPARE(state.count(theme(dark).color(Token::Ok)), 0);
    QCOMPARE(state.count(theme(dark).color(Token::Text)), 0);
  }

  void selectionAndRowLineArePainted_data() { addThemes(); }
  void selectionAndRowLineArePainted() {
    QFETCH(bool, dark);
    const TokenRow row = makeRow(1, start + 60'000);
    const Painted plain = paint<StateDelegate>(theme(dark), row, TokenColumn::State);
    QCOMPARE(plain.count(Qt::magenta), 0);
    QVERIFY(plain.count(theme(dark).color(Token::Base)) > 1000);
    QCOMPARE(plain.count(theme(dark).color(Token::Border), QRect(0, 25, 146, 1)), 146);
    QVERIFY(plain.count(theme(dark).color(Token::Ok)) > 20);
    const Painted selected = paint<StateDelegate>(theme(dark), row, TokenColumn::State, true);
    QVERIFY(selected.count(theme(dark).color(Token::Selection)) > 1000);
  }

  void aDeadTokenIsQuiet_data() { addThemes(); }
  void aDeadTokenIsQuiet() {
    QFETCH(bool, dark);
    TokenRow row = makeRow(1, start + 60'000);
    row.state = TokenState::Revoked;
    const Painted token = paint<TokenDelegate>(theme(dark), row, TokenColumn::Token);
    QCOMPARE(token.count(theme(dark).color(Token::Text)), 0);
    const Painted state = paint<StateDelegate>(theme(dark), row, TokenColumn::State);
    QCOMPARE(state.count(theme(dark).color(Token::Crit)), 0);
    QCOMPARE(state.count(theme(dark).color(Token::Ok)), 0);
    QCOMPARE(state.count(theme(dark).color(Token::Text)), 0);
    const QRect mark(cellPadding, 0, 12, 25);
    QVERIFY(state.count(theme(dark).color(Token::Base), mark) < mark.width() * mark.height() - 20);
  }

  void onlyTheRevealedTokenShowsItsValue() {
    Countdown countdown([this] { return now_; });
    TokenTableModel model({[this] { return now_; }, [](int) { return QString(); }});
    model.apply({false, {makeRow(1, start + 1000), makeRow(2, start + 2000)}, {}, {}});
    TokenDelegate delegate(countdown);
    const auto width = [&](int row) { return delegate.sizeHint({}, model.index(row, 0)).width(); };
    const int masked = width(0);
    delegate.reveal(model.rowAt(1).id, QStringLiteral("3f9a7c10-52be-4d0e-9b61-7d2f08b4c21e"));
    QCOMPARE(width(0), masked);
    QVERIFY(width(1) > 2 * masked);
    delegate.hide();
    QCOMPARE(width(1), masked);
  }

  void theCountdownStandsStillWhileFrozen() {
    Countdown countdown([this] { return now_; });
    countdown.setRunning(true);
    QVERIFY(countdown.running());
    countdown.setFrozen(true);
    QVERIFY(!countdown.running());
    now_ += 5000;
    QCOMPARE(countdown.now(), start);
    countdown.setFrozen(false);
    QVERIFY(countdown.running());
    QCOMPARE(countdown.now(), start + 5000);
    countdown.setRunning(false);
    QVERIFY(!countdown.running());
  }

  void theLastColumnCanNotBeHidden() {
    TokenTableModel model({[this] { return now_; }, [](int) { return QString(); }});
    QTableView view;
    auto* header = new TableHeader(&view);
    view.setHorizontalHeader(header);
    view.setModel(&model);
    QMenu menu;
    for (int column = 0; column < tokenColumnCount; ++column) {
      header->fillColumnsMenu(&menu);
      QAction* action = menu.actions().at(column);
      QCOMPARE(action->isEnabled(), column < tokenColumnCount - 1);
      action->trigger();
    }
    QCOMPARE(header->hiddenSectionCount(), tokenColumnCount - 1);
    header->fillColumnsMenu(&menu);
    menu.actions().at(0)->trigger();
    QVERIFY(!header->isSectionHidden(0));
  }
};

QTEST_MAIN(TokenDelegatesTest)
#include "token_delegates_test.moc"
