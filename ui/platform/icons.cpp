#include "platform/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace vx11::ui {
namespace {

// QtSvg paints currentColor black, so the colour is put into the text before it is rendered.
QByteArray recoloured(const QString& name, const QColor& color) {
  QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
  const bool opened = file.open(QIODevice::ReadOnly);
  Q_ASSERT_X(opened, "themedIcon", qPrintable(name));
  if (!opened) return {};
  return file.readAll().replace("currentColor", color.name().toLatin1());
}

class ThemedIconEngine : public QIconEngine {
 public:
  ThemedIconEngine(QString name, Token token) : name_(std::move(name)), token_(token) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    const int side = qMin(rect.width(), rect.height());
    const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
    const QPoint corner(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2);
    painter->drawPixmap(corner, iconPixmap(name_, colour(mode), side, ratio));
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    return scaledPixmap(size, mode, state, 1.0);
  }

  // `size` is in device pixels already; the caller sets the ratio of what it gets. Controls put their text close to
  // the icon's box, so the shape takes 7/8 of it and leaves the rest as a gap.
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) override {
    QPixmap box(size);
    box.fill(Qt::transparent);
    const int side = qMin(size.width(), size.height()) * 7 / 8;
    QPainter(&box).drawPixmap(0, (size.height() - side) / 2, iconPixmap(name_, colour(mode), side, 1.0));
    return box;
  }

  QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override {
    const int side = qMin(size.width(), size.height());
    return {side, side};
  }

  [[nodiscard]] QIconEngine* clone() const override { return new ThemedIconEngine(*this); }
  QString iconName() override { return name_; }
  bool isNull() override { return false; }

 private:
  [[nodiscard]] QColor colour(QIcon::Mode mode) const {
    return themeOf(QGuiApplication::palette()).color(mode == QIcon::Disabled ? Token::Text3 : token_);
  }

  QString name_;
  Token token_;
};

}  // namespace

QIcon themedIcon(const QString& name, Token token) { return QIcon(new ThemedIconEngine(name, token)); }

QPixmap iconPixmap(const QString& name, const QColor& color, int size, qreal devicePixelRatio) {
  const QString key = QStringLiteral("vx11/%1/%2/%3/%4").arg(name, color.name()).arg(size).arg(devicePixelRatio);
  QPixmap pixmap;
  if (QPixmapCache::find(key, &pixmap)) return pixmap;
  const int side = qMax(1, qRound(size * devicePixelRatio));
  pixmap = QPixmap(side, side);
  pixmap.fill(Qt::transparent);
  QSvgRenderer renderer(recoloured(name, color));
  QPainter painter(&pixmap);
  renderer.render(&painter, QRectF(0, 0, side, side));
  painter.end();
  pixmap.setDevicePixelRatio(devicePixelRatio);
  QPixmapCache::insert(key, pixmap);
  return pixmap;
}

}  // namespace vx11::ui
