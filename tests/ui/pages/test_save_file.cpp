// Saving beside the window: made on another thread, written, and said either way.
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <memory>

#include "pages/fact_table.h"
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

  void theFormIsChosenByTheDialogOrTheSuffix_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    const QString tables = QStringLiteral("Tables (*.csv)"), lines = QStringLiteral("JSON lines (*.jsonl)");
    QTest::newRow("the first") << tables << "a.csv" << QByteArray("a,b\n");
    QTest::newRow("the second") << lines << "a.jsonl" << QByteArray("{}\n");
    QTest::newRow("typed otherwise") << tables << "a.jsonl" << QByteArray("{}\n");
    QTest::newRow("a suffix of one's own") << lines << "a.txt" << QByteArray("{}\n");
  }
  void theFormIsChosenByTheDialogOrTheSuffix() {
    QFETCH(QString, filter);
    QFETCH(QString, name);
    said_.clear();
    saveFileAs(&window_, QStringLiteral("Save"), QStringLiteral("vx11-test"),
               {{QStringLiteral("Tables (*.csv)"), QStringLiteral("csv"), [] { return QByteArray("a,b\n"); }},
                {QStringLiteral("JSON lines (*.jsonl)"), QStringLiteral("jsonl"), [] { return QByteArray("{}\n"); }}},
               [this](const QString& sentence) { said_ = sentence; });
    const std::unique_ptr<QFileDialog> dialog(window_.findChild<QFileDialog*>());
    QVERIFY(dialog != nullptr);
    QVERIFY(dialog->selectedFiles().first().contains(QStringLiteral("vx11-test-")));
    dialog->selectNameFilter(filter);
    Q_EMIT dialog->filterSelected(filter);
    QVERIFY(filter.contains(dialog->defaultSuffix()));
    QTemporaryDir folder;
    Q_EMIT dialog->fileSelected(folder.filePath(name));
    QTRY_VERIFY(!said_.isEmpty());
    QFile file(folder.filePath(name));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QTEST(file.readAll(), "content");
  }

  void aFormMayWriteByItself() {
    QString written;
    saveFileAs(&window_, QStringLiteral("Save"), QStringLiteral("vx11-test"),
               {{QStringLiteral("Tables (*.csv)"), QStringLiteral("csv"), {},
                 [&](const QString& path) { written = path; }}},
               [](const QString&) {});
    const std::unique_ptr<QFileDialog> dialog(window_.findChild<QFileDialog*>());
    Q_EMIT dialog->fileSelected(QStringLiteral("/somewhere/a.csv"));
    QCOMPARE(written, QStringLiteral("/somewhere/a.csv"));
  }

  void aPictureIsAPicture() {
    QWidget widget;
    widget.resize(120, 80);
    const SaveFormat format = pictureOf(widget);
    QCOMPARE(QImage::fromData(format.make(), "PNG").deviceIndependentSize(), QSizeF(120, 80));
  }

  void rowsAreCopiedAsTheyAreShown() {
    FactTable table(QStringLiteral("Slow log"), {{QStringLiteral("Command")}, {QStringLiteral("Took")}});
    const auto line = [](const char* command, const char* took) {
      Fact first, second;
      first.text = QString::fromLatin1(command);
      second.text = QString::fromLatin1(took);
      return QList<Fact>{first, second};
    };
    table.setLines({line("GET", "12 ms"), line("SCAN", "3 ms")});
    table.selectRow(1);
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("SCAN\t3 ms"));
  }

  void saysWhyItCouldNot() {
    save(QStringLiteral("/nowhere/at/all/a.csv"), "x");
    QVERIFY(said_.startsWith(QStringLiteral("Could not save /nowhere/at/all/a.csv: ")));
  }
};

QTEST_MAIN(SaveFileTest)
#include "test_save_file.moc"
