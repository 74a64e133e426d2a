#include <QApplication>
#include <QFontInfo>
#include <QPixmapCache>

#include "platform/console_style.h"
#include "platform/system_scheme.h"
#include "platform/theme.h"

namespace vx11::ui {
namespace {

// A desktop's font size is the user's choice; where no desktop set one, 13 px is ours.
void setApplicationFont() {
  QFont font = QApplication::font();
  const bool noDesktop = qEnvironmentVariableIsEmpty("XDG_CURRENT_DESKTOP") ||
                         QGuiApplication::platformName() == QLatin1String("offscreen");
  font.setPixelSize(noDesktop ? 13 : QFontInfo(font).pixelSize());
  QApplication::setFont(font);
  QApplication::setFont(Theme::light().font(FontRole::Body));
}

}  // namespace

ThemeManager::ThemeManager(QObject* parent) : QObject(parent), system_(new SystemScheme(this)) {
  QApplication::setStyle(new ConsoleStyle);
  setApplicationFont();
  connect(system_, &SystemScheme::changed, this, [this] {
    if (choice_ == ThemeChoice::System) apply();
  });
  apply();
}

void ThemeManager::choose(ThemeChoice choice) {
  choice_ = choice;
  apply();
}

void ThemeManager::apply() {
  const bool dark = choice_ == ThemeChoice::Dark || (choice_ == ThemeChoice::System && system_->dark());
  if (dark == theme_.dark && !qApp->styleSheet().isEmpty()) return;
  theme_ = dark ? Theme::darkTheme() : Theme::light();
  QPixmapCache::clear();
  QApplication::setPalette(theme_.palette());
  qApp->setStyleSheet(theme_.styleSheet());
  Q_EMIT changed();
}

}  // namespace vx11::ui
