// Every colour and font of the console, for light and dark, in one value. Widgets take them from the palette, delegates
// and charts ask for them by name; no other file holds a colour.
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>

namespace vx11::ui {

/// The roles of shared colour; names and values are those of the visual specification.
enum class Token {
  Window,
  Base,
  Alt,
  Raised,
  Border,
  BorderStrong,
  Text,
  Text2,
  Text3,
  Accent,
  OnAccent,
  Selection,
  Ok,
  OkBg,
  Warn,
  WarnBg,
  WarnFill,
  Crit,
  CritBg,
  Info,
  InfoBg,
  Idle,
  Prod,
  OnProd,
};
inline constexpr int tokenCount = 24;

enum class FontRole {
  PageTitle,
  Verdict,
  Body,
  BodyStrong,
  Figure,
  Countdown,
  Label,
  CardTitle,
  Small,
  Fixed,
  Environment
};

/// What the user chose, and what is in force.
enum class ThemeChoice { System, Light, Dark };

struct Theme {
  bool dark = false;
  [[nodiscard]] static Theme light();
  [[nodiscard]] static Theme darkTheme();

  [[nodiscard]] QColor color(Token token) const;
  /// Chart slots c1 to c8 (1-based). Instances beyond the 8th repeat 1 and 2 dashed.
  [[nodiscard]] QColor series(int slot) const;
  /// Relative to the application's font size.
  [[nodiscard]] QFont font(FontRole role) const;
  [[nodiscard]] QPalette palette() const;
  [[nodiscard]] QString styleSheet() const;  ///< at most 80 lines; radius, padding and edges only
};

/// The chart slot of an instance by its place: an order that keeps neighbours apart for every kind of sight. From the
/// ninth on they repeat.
[[nodiscard]] int instanceSeries(int place);
inline constexpr int seriesCount = 8;

class SystemScheme;

/// Holds the theme in force and changes it while running. One per application, passed by reference, no singleton:
/// widgets find it through `themeOf(widget)`. With ThemeChoice::System it follows the desktop's settings portal, and is
/// light where there is none.
class ThemeManager : public QObject {
  Q_OBJECT
 public:
  explicit ThemeManager(QObject* parent = nullptr);
  [[nodiscard]] const Theme& theme() const { return theme_; }
  [[nodiscard]] ThemeChoice choice() const { return choice_; }
  void choose(ThemeChoice choice);

 Q_SIGNALS:
  void changed();

 private:
  void apply();
  Theme theme_;
  ThemeChoice choice_ = ThemeChoice::System;
  SystemScheme* system_ = nullptr;
};

/// The theme that matches a palette made by Theme::palette (by its Mid colour, which no style sheet touches), for
/// delegates and custom widgets that only have a QWidget at hand.
[[nodiscard]] const Theme& themeOf(const QPalette& palette);

}  // namespace vx11::ui
