#include "shell/environment_marks.h"

#include <QCoreApplication>
#include <QPainter>

#include "platform/icons.h"

namespace vx11::ui {

QString windowTitle(const cluster::Profile& profile) {
  const QString words = profile.environment == cluster::Environment::Production
                            ? QCoreApplication::translate("vx11::ui::MainWindow", "PRODUCTION %1 – VX11 console")
                            : QCoreApplication::translate("vx11::ui::MainWindow", "%1 – VX11 console");
  return words.arg(profile.name);
}

QIcon windowIcon(const cluster::Profile& profile, const Theme& theme) {
  if (profile.environment != cluster::Environment::Production) return {};
  QIcon icon;
  for (const int size : {16, 24, 32, 48, 64, 128}) {
    QPixmap picture(size, size);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(Token::Prod));
    painter.drawRoundedRect(picture.rect(), size / 6.0, size / 6.0);
    const int inner = size * 5 / 8, corner = (size - inner) / 2;
    painter.drawPixmap(corner, corner, iconPixmap(QStringLiteral("key"), theme.color(Token::OnProd), inner, 1));
    icon.addPixmap(picture);
  }
  return icon;
}

}  // namespace vx11::ui
