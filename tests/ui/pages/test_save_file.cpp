// Saving beside the window: made on another thread, written, and said either way.
#include <QApplication>
#include <QFileDialog>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include "pages/save_file.h"

using namespace vx11::ui;

class SaveFileTest : public QObject {
  Q_OBJECT

  QWidget window_;
  QString said_;

  /// Presses Save for `path`, with `content` to be written.
  void save(const QString& path, const QByteArray& content) {
    said_.clear();
    saveFile(&window_,
             {QStringLiteral("Save"), QStringLiteral("proposed.csv"), QStringLiteral("Tables (*.csv)"),
              [content, gui = QThread::currentThread()] {
                return QThread::currentThread() == gui ? QByteArray("made by the GUI thread") : content;
              }},
             [this](const QString& sentence) { said_ = sentence; });
    auto* dialog = window_.findChild<QFileDialog*>();
    QVERIFY(dialog != nullptr && dialog->isVisible());
    QCOMPARE(dialog->defaultSuffix(), QStringLiteral("csv"));
    Q_EMIT dialog->fileSelected(path);
    QTRY_VERIFY(!said_.isEmpty());
    delete dialog;
  }

 private Q_SLOTS:
  void initTestCase() { QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }

  void writesWhatWasMade() {
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.csv"));
    save(path, "time,hits\n");
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("time,hits\n"));
    QCOMPARE(said_, QStringLiteral("Saved ") + path);
  }

  void saysWhyItCouldNot() {
    save(QStringLiteral("/nowhere/at/all/a.csv"), "x");
    QVERIFY(said_.startsWith(QStringLiteral("Could not save /nowhere/at/all/a.csv: ")));
  }
};

QTEST_MAIN(SaveFileTest)
#include "test_save_file.moc"
