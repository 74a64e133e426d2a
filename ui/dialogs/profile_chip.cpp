#include "dialogs/profile_chip.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <algorithm>

#include "platform/icons.h"

namespace vx11::ui {
namespace {

using cluster::Environment;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(ProfileChip)
};

/// 0: none of ours.
int slotOf(const QString& colour) {
  for (int slot = 1; slot <= seriesCount; ++slot) {
    if (colour == colourName(slot)) return slot;
  }
  return 0;
}

class ChipEngine : public QIconEngine {
 public:
  ChipEngine(QString colour, Environment environment, bool open)
      : colour_(std::move(colour)), environment_(environment), open_(open) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode, QIcon::State) override {
    const Theme& theme = themeOf(QGuiApplication::palette());
    const int side = std::min(rect.width(), rect.height());
    const int chip = open_ ? side : side * 5 / 8;  // the tick needs room
    const QRect place(rect.x() + (rect.width() - chip) / 2, rect.y() + (rect.height() - chip) / 2, chip, chip);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(profileColour(colour_, environment_, theme));
    painter->drawRoundedRect(place, 2, 2);
    if (!open_) return;
    const int tick = chip * 3 / 4;
    painter->drawPixmap(place.x() + (chip - tick) / 2, place.y() + (chip - tick) / 2,
                        iconPixmap(QStringLiteral("check-lg"), theme.color(Token::Base), tick,
                                   painter->device() ? painter->device()->devicePixelRatioF() : 1.0));
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap box(size);
    box.fill(Qt::transparent);
    QPainter painter(&box);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return box;
  }
  [[nodiscard]] QIconEngine* clone() const override { return new ChipEngine(*this); }
  bool isNull() override { return false; }

 private:
  QString colour_;
  Environment environment_;
  bool open_;
};

}  // namespace

QString environmentWord(Environment environment) {
  switch (environment) {
    case Environment::Local:
      return Words::tr("LOCAL");
    case Environment::Test:
      return Words::tr("TEST");
    case Environment::Staging:
      return Words::tr("STAGING");
    case Environment::Production:
      return Words::tr("PROD");
  }
  return {};
}

Token environmentToken(Environment environment) {
  switch (environment) {
    case Environment::Local:
      return Token::Idle;
    case Environment::Test:
      return Token::Info;
    case Environment::Staging:
      return Token::Warn;
    case Environment::Production:
      return Token::Prod;
  }
  return Token::Idle;
}

QString colourWord(int slot) {
  const QStringList words{Words::tr("Blue"), Words::tr("Green"),  Words::tr("Amber"), Words::tr("Violet"),
                          Words::tr("Pink"), Words::tr("Yellow"), Words::tr("Red"),   Words::tr("Grey")};
  return words.value(slot - 1);
}

QString colourName(int slot) { return QStringLiteral("c%1").arg(slot); }

QColor profileColour(const QString& colour, Environment environment, const Theme& theme) {
  const int slot = slotOf(colour);
  return slot > 0 ? theme.series(slot) : theme.color(environmentToken(environment));
}

QIcon profileIcon(const QString& colour, Environment environment, bool open) {
  return QIcon(new ChipEngine(colour, environment, open));
}

}  // namespace vx11::ui
