// The colours of both themes against WCAG 2, and the fonts: figures must not tremble, commands must not ligate.
#include <QFontMetricsF>
#include <QTest>
#include <QTextLayout>
#include <cmath>

#include "platform/theme.h"

using namespace vx11::ui;

namespace {

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& c) {
  return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}

double ratio(const QColor& a, const QColor& b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

Theme themeFor(bool dark) { return dark ? Theme::darkTheme() : Theme::light(); }

QList<quint32> glyphs(const QFont& font, const QString& text) {
  QTextLayout layout(text, font);
  layout.beginLayout();
  layout.createLine();
  layout.endLayout();
  QList<quint32> result;
  for (const auto& run : layout.glyphRuns()) result += run.glyphIndexes();
  return result;
}

}  // namespace

class TestTheme : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void statedRatios_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<int>("token");
    QTest::addColumn<double>("expected");
    const auto row = [](const char* name, Token token, double dark, double light) {
      QTest::addRow("%s dark", name) << true << int(token) << dark;
      QTest::addRow("%s light", name) << false << int(token) << light;
    };
    row("border", Token::Border, 1.4, 1.4);
    row("borderStrong", Token::BorderStrong, 3.7, 3.6);
    row("text", Token::Text, 13.9, 17.1);
    row("text2", Token::Text2, 8.4, 8.1);
    row("text3", Token::Text3, 6.1, 6.0);
    row("accent", Token::Accent, 6.7, 6.1);
    row("ok", Token::Ok, 9.1, 5.9);
    row("warn", Token::Warn, 9.3, 6.0);
    row("warnFill", Token::WarnFill, 9.3, 3.4);
    row("crit", Token::Crit, 6.1, 7.9);
    row("info", Token::Info, 6.7, 6.1);
    row("idle", Token::Idle, 5.8, 6.4);
  }
  void statedRatios() {
    QFETCH(bool, dark);
    QFETCH(int, token);
    QFETCH(double, expected);
    const Theme theme = themeFor(dark);
    const double actual = ratio(theme.color(Token(token)), theme.color(Token::Base));
    QVERIFY2(std::abs(actual - expected) < 0.06, qPrintable(QString::number(actual)));
  }

  void textIsReadable_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<int>("text");
    QTest::addColumn<int>("surface");
    const QList<std::pair<const char*, Token>> texts = {
        {"text", Token::Text}, {"text2", Token::Text2}, {"text3", Token::Text3}};
    const QList<std::pair<const char*, Token>> surfaces = {
        {"window", Token::Window}, {"base", Token::Base},     {"alt", Token::Alt},
        {"raised", Token::Raised}, {"sel", Token::Selection}, {"okBg", Token::OkBg},
        {"warnBg", Token::WarnBg}, {"critBg", Token::CritBg}, {"infoBg", Token::InfoBg}};
    for (const bool dark : {true, false})
      for (const auto& [textName, text] : texts)
        for (const auto& [surfaceName, surface] : surfaces)
          QTest::addRow("%s on %s %s", textName, surfaceName, dark ? "dark" : "light")
              << dark << int(text) << int(surface);
    for (const bool dark : {true, false}) {
      const auto add = [&](const char* name, Token text, Token surface) {
        QTest::addRow("%s %s", name, dark ? "dark" : "light") << dark << int(text) << int(surface);
      };
      add("onAccent on accent", Token::OnAccent, Token::Accent);
      add("onProd on prod", Token::OnProd, Token::Prod);
      add("ok on okBg", Token::Ok, Token::OkBg);
      add("warn on warnBg", Token::Warn, Token::WarnBg);
      add("crit on critBg", Token::Crit, Token::CritBg);
      add("info on infoBg", Token::Info, Token::InfoBg);
      add("link on window", Token::Accent, Token::Window);
      add("crit on window", Token::Crit, Token::Window);
      add("warn on window", Token::Warn, Token::Window);
    }
  }
  void textIsReadable() {
    QFETCH(bool, dark);
    QFETCH(int, text);
    QFETCH(int, surface);
    const Theme theme = themeFor(dark);
    const double actual = ratio(theme.color(Token(text)), theme.color(Token(surface)));
    QVERIFY2(actual >= 4.5, qPrintable(QString::number(actual)));
  }

  void graphicsStandOut_data() {
    QTest::addColumn<bool>("dark");
    for (const bool dark : {true, false}) QTest::addRow("%s", dark ? "dark" : "light") << dark;
  }
  void graphicsStandOut() {
    QFETCH(bool, dark);
    const Theme theme = themeFor(dark);
    const QColor base = theme.color(Token::Base);
    for (int slot = 1; slot <= 8; ++slot)
      QVERIFY2(ratio(theme.series(slot), base) >= 3, qPrintable(QString::number(slot)));
    QCOMPARE(theme.series(9), theme.series(1));
    for (const Token token : {Token::BorderStrong, Token::WarnFill, Token::Idle, Token::Accent})
      QVERIFY(ratio(theme.color(token), base) >= 3);
  }

  void paletteTellsItsTheme() {
    QVERIFY(themeOf(Theme::darkTheme().palette()).dark);
    QVERIFY(!themeOf(Theme::light().palette()).dark);
    QCOMPARE(Theme::light().palette().color(QPalette::Disabled, QPalette::ButtonText),
             Theme::light().color(Token::Text3));
  }

  void styleSheetIsShortAndFilled() {
    for (const bool dark : {true, false}) {
      const QString sheet = themeFor(dark).styleSheet();
      QVERIFY(sheet.count(QLatin1Char('\n')) <= 80);
      QVERIFY(sheet.contains(themeFor(dark).color(Token::Accent).name()));
      const QStringList rules = sheet.split(QLatin1Char('\n')).mid(1);
      for (const QString& rule : rules) {
        QVERIFY2(!rule.contains(QLatin1Char('@')), qPrintable(rule));
        QVERIFY2(!rule.contains(QStringLiteral("View::item")), qPrintable(rule));
      }
    }
  }

  void managerSwitchesWhileRunning() {
    ThemeManager manager;
    int changes = 0;
    connect(&manager, &ThemeManager::changed, this, [&changes] { ++changes; });
    manager.choose(ThemeChoice::Light);
    const int before = changes;
    manager.choose(ThemeChoice::Dark);
    QCOMPARE(changes, before + 1);
    QVERIFY(manager.theme().dark);
    QVERIFY(themeOf(QGuiApplication::palette()).dark);
    manager.choose(ThemeChoice::Dark);
    QCOMPARE(changes, before + 1);
    manager.choose(ThemeChoice::Light);
    QCOMPARE(QGuiApplication::palette().color(QPalette::Window), Theme::light().color(Token::Window));
  }

  void sizesFollowTheApplication() {
    const QFont saved = QGuiApplication::font();
    QFont large = saved;
    large.setPixelSize(26);
    QGuiApplication::setFont(large);
    const int doubled = Theme::light().font(FontRole::Figure).pixelSize();
    QGuiApplication::setFont(saved);
    QCOMPARE(doubled, 44);
  }

  void figuresAreTabular() {
    for (const FontRole role : {FontRole::Body, FontRole::BodyStrong, FontRole::Figure, FontRole::Fixed}) {
      const QFontMetricsF metrics(Theme::light().font(role));
      const qreal width = metrics.horizontalAdvance(QStringLiteral("0000"));
      for (const QString& text : {QStringLiteral("1111"), QStringLiteral("4444"), QStringLiteral("7777")})
        QCOMPARE(metrics.horizontalAdvance(text), width);
    }
  }

  void fixedFontDoesNotLigate() {
    const QFont font = Theme::light().font(FontRole::Fixed);
    for (const QString& pair : {QStringLiteral("--"), QStringLiteral("!="), QStringLiteral("->"), QStringLiteral("==")})
      QCOMPARE(glyphs(font, pair), glyphs(font, pair.left(1)) + glyphs(font, pair.right(1)));
  }
};

QTEST_MAIN(TestTheme)
#include "test_theme.moc"
