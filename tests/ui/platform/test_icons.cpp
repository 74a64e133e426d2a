// Every icon in the resources renders, in the colour asked for, at any ratio, and follows a change of theme.
#include <QApplication>
#include <QDir>
#include <QImage>
#include <QTest>

#include "platform/icons.h"

using namespace vx11::ui;

namespace {

// The colour of the most opaque pixel; invalid when nothing was painted.
QColor inkOf(const QPixmap& pixmap) {
  const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
  QColor best;
  int alpha = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (const QRgb pixel = image.pixel(x, y); qAlpha(pixel) > alpha) {
        alpha = qAlpha(pixel);
        best = QColor::fromRgb(pixel);
      }
  return best;
}

int distance(const QColor& a, const QColor& b) {
  return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue());
}

}  // namespace

class TestIcons : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyIconPaints_data() {
    QTest::addColumn<QString>("name");
    const QStringList files = QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")});
    QVERIFY(files.size() >= 50);
    for (const QString& file : files) QTest::newRow(qPrintable(file)) << file.chopped(4);
  }
  void everyIconPaints() {
    QFETCH(QString, name);
    const QColor red(200, 30, 40);
    const QPixmap pixmap = iconPixmap(name, red, 32, 2.0);
    QCOMPARE(pixmap.size(), QSize(64, 64));
    QCOMPARE(pixmap.deviceIndependentSize(), QSizeF(32, 32));
    const QColor ink = inkOf(pixmap);
    QVERIFY(ink.isValid());
    QVERIFY2(distance(ink, red) < 12, qPrintable(ink.name()));
  }

  void followsTheTheme() {
    const QIcon icon = themedIcon(QStringLiteral("check-circle-fill"), Token::Ok);
    for (const Theme& theme : {Theme::light(), Theme::darkTheme()}) {
      QApplication::setPalette(theme.palette());
      QVERIFY(distance(inkOf(icon.pixmap(QSize(16, 16), 2.0)), theme.color(Token::Ok)) < 12);
      QVERIFY(distance(inkOf(icon.pixmap(QSize(16, 16), 1.0, QIcon::Disabled)), theme.color(Token::Text3)) < 12);
    }
  }

  void ratioDecidesThePixels() {
    const QPixmap pixmap = themedIcon(QStringLiteral("key")).pixmap(QSize(16, 16), 2.0);
    QCOMPARE(pixmap.size(), QSize(32, 32));
    QCOMPARE(pixmap.devicePixelRatio(), 2.0);
  }

  void licenceIsEmbedded() { QVERIFY(QFile::exists(QStringLiteral(":/icons/LICENSE"))); }
};

QTEST_MAIN(TestIcons)
#include "test_icons.moc"
