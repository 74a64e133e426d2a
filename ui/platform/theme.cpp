#include "platform/theme.h"

#include <QFile>
#include <QFontInfo>
#include <QGuiApplication>
#include <array>
#include <utility>

namespace vx11::ui {
namespace {

struct Row {
  Token token;
  const char* name;  // as the style sheet writes it, after an @
  QRgb dark, light;
};

constexpr std::array<Row, tokenCount> rows = {{
    {Token::Window, "window", 0xff14171c, 0xfff1f3f6},
    {Token::Base, "base", 0xff1a1e24, 0xffffffff},
    {Token::Alt, "alt", 0xff1e232a, 0xfff7f8fa},
    {Token::Raised, "raised", 0xff252b34, 0xffe9ecf1},
    {Token::Border, "border", 0xff2e3641, 0xffd3d9e1},
    {Token::BorderStrong, "edge", 0xff6c7889, 0xff7e8896},
    {Token::Text, "text", 0xffe6eaf0, 0xff171c24},
    {Token::Text2, "text2", 0xffb0b9c6, 0xff465060},
    {Token::Text3, "text3", 0xff929dac, 0xff596474},
    {Token::Accent, "accent", 0xff58a8ff, 0xff0b5bd3},
    {Token::OnAccent, "onAccent", 0xff0b1622, 0xffffffff},
    {Token::Selection, "sel", 0xff1a334f, 0xffd3e4fb},
    {Token::Ok, "ok", 0xff4fd6a0, 0xff08734b},
    {Token::OkBg, "okBg", 0xff16302a, 0xffe1f4ec},
    {Token::Warn, "warn", 0xfff6b63a, 0xff8a5800},
    {Token::WarnBg, "warnBg", 0xff352a12, 0xfffff1d0},
    {Token::WarnFill, "warnFill", 0xfff6b63a, 0xffc27c00},
    {Token::Crit, "crit", 0xfff4766a, 0xffa01a12},
    {Token::CritBg, "critBg", 0xff43201f, 0xfffbe3e0},
    {Token::Info, "info", 0xff58a8ff, 0xff0b5bd3},
    {Token::InfoBg, "infoBg", 0xff172c46, 0xffe0ecfc},
    {Token::Idle, "idle", 0xff8e99a9, 0xff526076},
    {Token::Prod, "prod", 0xffc92a32, 0xffb4232a},
    {Token::OnProd, "onProd", 0xffffffff, 0xffffffff},
}};

constexpr std::array<std::pair<QRgb, QRgb>, 8> seriesColours = {{
    {0xff4db8f5, 0xff0a4a8c},
    {0xff1f9c72, 0xff119a7a},
    {0xfff2ad5e, 0xffc47a00},
    {0xff9b6bfa, 0xff6e37ee},
    {0xffe0489f, 0xff98195a},
    {0xffebe04a, 0xff655903},
    {0xffe0521f, 0xffde5c38},
    {0xffc3cad6, 0xff7584a0},
}};

struct FontRow {
  FontRole role;
  int pixels;  // where the application's font has 13
  QFont::Weight weight;
};

constexpr FontRow fontRows[] = {
    {FontRole::PageTitle, 18, QFont::DemiBold}, {FontRole::Verdict, 13, QFont::DemiBold},
    {FontRole::Body, 13, QFont::Normal},        {FontRole::BodyStrong, 13, QFont::DemiBold},
    {FontRole::Figure, 22, QFont::Medium},      {FontRole::Countdown, 30, QFont::Medium},
    {FontRole::Label, 12, QFont::Normal},       {FontRole::CardTitle, 13, QFont::DemiBold},
    {FontRole::Small, 11, QFont::Normal},       {FontRole::Fixed, 12, QFont::Normal},
    {FontRole::Environment, 10, QFont::Bold},
};

// Fonts whose figures are tabular by default: Qt 6.4 can't ask for it (QFont::setFeature is 6.7).
QStringList textFamilies() {
  return {QStringLiteral("Noto Sans"), QStringLiteral("Open Sans"), QStringLiteral("Roboto"),
          QStringLiteral("DejaVu Sans"), QStringLiteral("sans-serif")};
}

QStringList fixedFamilies() {
  return {QStringLiteral("JetBrains Mono"), QStringLiteral("Hack"), QStringLiteral("DejaVu Sans Mono"),
          QStringLiteral("monospace")};
}

}  // namespace

Theme Theme::light() { return Theme{false}; }

Theme Theme::darkTheme() { return Theme{true}; }

QColor Theme::color(Token token) const {
  const Row& row = rows[static_cast<std::size_t>(token)];
  return QColor::fromRgb(dark ? row.dark : row.light);
}

int instanceSeries(int place) {
  static constexpr std::array<int, seriesCount> order{1, 3, 5, 2, 4, 6, 7, 8};
  return order[static_cast<std::size_t>(place < 0 ? 0 : place) % order.size()];
}

QColor Theme::series(int slot) const {
  const auto& pair = seriesColours[static_cast<std::size_t>((slot - 1) & 7)];
  return QColor::fromRgb(dark ? pair.first : pair.second);
}

QFont Theme::font(FontRole role) const {
  QFont font = QGuiApplication::font();
  const FontRow& row = fontRows[static_cast<std::size_t>(role)];
  if (role == FontRole::Fixed) {
    font.setFamilies(fixedFamilies());
    font.setStyleHint(QFont::Monospace);
    // JetBrains Mono joins "--" and "!=" by its calt feature; commands and tokens must show each character.
    font.setStyleStrategy(QFont::PreferNoShaping);
  } else {
    font.setFamilies(textFamilies());
  }
  const int base = QFontInfo(QGuiApplication::font()).pixelSize();
  font.setPixelSize(qMax(8, qRound(row.pixels * base / 13.0)));
  font.setWeight(row.weight);
  if (role == FontRole::Environment) font.setLetterSpacing(QFont::AbsoluteSpacing, 1);
  return font;
}

QPalette Theme::palette() const {
  QPalette p;
  p.setColor(QPalette::Window, color(Token::Window));
  p.setColor(QPalette::Base, color(Token::Base));
  p.setColor(QPalette::AlternateBase, color(Token::Alt));
  p.setColor(QPalette::Button, color(Token::Alt));
  p.setColor(QPalette::Light, color(Token::Raised));
  p.setColor(QPalette::Midlight, color(Token::Raised));
  p.setColor(QPalette::Mid, color(Token::Border));
  p.setColor(QPalette::Dark, color(Token::BorderStrong));
  p.setColor(QPalette::Shadow, color(Token::Border));
  for (const auto role :
       {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText, QPalette::ToolTipText})
    p.setColor(role, color(Token::Text));
  p.setColor(QPalette::BrightText, color(Token::OnAccent));
  p.setColor(QPalette::PlaceholderText, color(Token::Text3));
  p.setColor(QPalette::Link, color(Token::Accent));
  p.setColor(QPalette::LinkVisited, color(Token::Accent));
  p.setColor(QPalette::Highlight, color(Token::Selection));
  p.setColor(QPalette::ToolTipBase, color(Token::Raised));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
    p.setColor(QPalette::Disabled, role, color(Token::Text3));
  p.setColor(QPalette::Disabled, QPalette::Button, color(Token::Window));
  p.setColor(QPalette::Disabled, QPalette::Base, color(Token::Window));
  return p;
}

QString Theme::styleSheet() const {
  QFile file(QStringLiteral(":/themes/console.qss"));
  const bool opened = file.open(QIODevice::ReadOnly);
  Q_ASSERT(opened);
  Q_UNUSED(opened)
  QString sheet = QString::fromUtf8(file.readAll());
  for (const Row& row : rows)
    sheet.replace(u'@' + QLatin1String(row.name) + u'@', QColor::fromRgb(dark ? row.dark : row.light).name());
  return sheet;
}

const Theme& themeOf(const QPalette& palette) {
  static const Theme lightTheme = Theme::light();
  static const Theme darkTheme = Theme::darkTheme();
  // Not by Window: a style sheet puts a control's own background there.
  return palette.color(QPalette::Active, QPalette::Mid) == darkTheme.color(Token::Border) ? darkTheme : lightTheme;
}

}  // namespace vx11::ui
