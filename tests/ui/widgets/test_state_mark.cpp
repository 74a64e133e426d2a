// Every state has a word, a shape and a colour; shapes differ wherever meanings differ.
#include <QFile>
#include <QHash>
#include <QImage>
#include <QPainter>
#include <QSet>
#include <QTest>

#include "widgets/state_mark.h"

using namespace vx11;
using namespace vx11::ui;

namespace {

QImage painted(Mark mark, const Theme& theme) {
  QImage image(28, 28, QImage::Format_ARGB32_Premultiplied);
  image.fill(theme.color(Token::Base));
  QPainter painter(&image);
  paintMark(&painter, QRectF(0, 0, 28, 28), mark, theme);
  return image;
}

}  // namespace

class TestStateMark : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void wordIconAndColour() {
    QSet<QString> words;
    for (int i = 0; i < markCount; ++i) {
      const auto mark = static_cast<Mark>(i);
      QVERIFY(!markWord(mark).isEmpty());
      words << markWord(mark);
      QVERIFY2(QFile::exists(QStringLiteral(":/icons/%1.svg").arg(markIcon(mark))), qPrintable(markIcon(mark)));
      // Trouble, and only trouble, colours its word.
      QCOMPARE(markWordColor(mark), isTrouble(mark) ? markColor(mark) : Token::Text);
    }
    QCOMPARE(words.size(), markCount);
    QVERIFY(isTrouble(Mark::Degraded) && isTrouble(Mark::Unreachable) && isTrouble(Mark::Fail) && isTrouble(Mark::Warning));
    QVERIFY(!isTrouble(Mark::Live) && !isTrouble(Mark::Expiring) && !isTrouble(Mark::Paused) && !isTrouble(Mark::Unknown));
  }

  /// The same shape stands only for the same meaning.
  void shapes() {
    const QList<QSet<Mark>> same{{Mark::Live, Mark::Pass},           {Mark::Degraded, Mark::Warning},
                                 {Mark::Unreachable, Mark::Fail},    {Mark::Unknown, Mark::CantTell},
                                 {Mark::Revoked, Mark::Skipped}};
    for (int i = 0; i < markCount; ++i) {
      for (int j = i + 1; j < markCount; ++j) {
        const auto a = static_cast<Mark>(i), b = static_cast<Mark>(j);
        const bool alike = std::any_of(same.begin(), same.end(), [&](const auto& s) { return s.contains(a) && s.contains(b); });
        QVERIFY2((markIcon(a) == markIcon(b)) == alike, qPrintable(markWord(a) + u'/' + markWord(b)));
      }
    }
  }

  void paintedInItsColour() {
    for (const Theme& theme : {Theme::light(), Theme::darkTheme()}) {
      for (int i = 0; i < markCount; ++i) {
        const auto mark = static_cast<Mark>(i);
        const QImage image = painted(mark, theme);
        int strong = 0;
        for (int y = 0; y < image.height(); ++y) {
          for (int x = 0; x < image.width(); ++x)
            strong += image.pixelColor(x, y) == theme.color(markColor(mark)) ? 1 : 0;
        }
        QVERIFY2(strong > 8, qPrintable(markWord(mark)));
      }
    }
  }

  void instanceStates() {
    using cluster::InstanceState;
    QCOMPARE(markOf(InstanceState::Live), Mark::Live);
    QCOMPARE(markOf(InstanceState::Unreachable), Mark::Unreachable);
    QCOMPARE(markOf(InstanceState::Unknown), Mark::Unknown);
    QCOMPARE(markOf(InstanceState::Stopped), Mark::Stopped);
    QCOMPARE(markOf(cluster::TokenState::Revoked), Mark::Revoked);
    QCOMPARE(markOf(cluster::TokenState::Used), Mark::Used);
  }

  void labelSaysItsWord() {
    MarkLabel label(Mark::Live);
    QCOMPARE(label.accessibleName(), QStringLiteral("Live"));
    label.setMark(Mark::Draining, QStringLiteral("Draining, 0:38"));
    QCOMPARE(label.accessibleName(), QStringLiteral("Draining, 0:38"));
    const int whole = label.sizeHint().width();
    label.setMarkOnly(true);
    QCOMPARE(label.sizeHint(), QSize(markSize, markSize));
    QVERIFY(whole > markSize);
    QCOMPARE(label.accessibleName(), QStringLiteral("Draining, 0:38"));
  }
};



QTEST_MAIN(TestStateMark)
#include "test_state_mark.moc"
