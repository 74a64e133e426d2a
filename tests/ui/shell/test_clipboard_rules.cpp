// What may leave the console by the clipboard or an export, on every page at once: rows as they are shown, never a
// token's value or the principal. New pages are found by themselves.
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTemporaryDir>
#include <QTextEdit>
#include <memory>

#include "pages/log_view.h"
#include "shell/page_catalog.h"
#include "shell/page_factory.h"
#include "ui/pages/cluster_stage.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

namespace {

const QString value = QStringLiteral("3f9a7c10-52be-4d0e-9b61-7d2f08b4c21e");
const QString principal = QStringLiteral("planted-principal-0123456789");

}  // namespace

class ClipboardRulesTest : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<QWidget> page_;

  void fill() {
    addThree(*cluster_);
    cluster_->setPrincipal(Secret(principal.toStdString()));
    cluster::TokenRow own = cluster::testing::makeRow(0x3f9a, start + 60'000);
    own.own = true;
    cluster_->fakeTokens().add({own, cluster::testing::makeRow(2, start + 60'000)});
    cluster_->fakeTokens().setValue(own.id, TokenText(value.toStdString()));
    cluster::StreamInfo stream;
    stream.id = 1;
    stream.slot = 0;
    stream.masked = own.masked();
    stream.state = cluster::StreamInfo::State::Open;
    cluster_->fakeStreams.put({stream});
    cluster::StreamEvent event;
    event.stream = 1;
    event.name = QStringLiteral("snapshot");
    cluster_->fakeStreams.receive({event});
    cluster::LogEntry entry;
    entry.time = wall;
    entry.source = QStringLiteral("fra-1");
    entry.event = QStringLiteral("process_said");
    entry.fields = {{QStringLiteral("message"), QStringLiteral("GET /stream?token=") + value}};
    cluster_->journal().add(entry);
  }
  void open(const QString& key) {
    if (key == QStringLiteral("log")) {
      page_ = std::make_unique<LogView>(Services{*cluster_, *themes_, *clipboard_});
    } else {
      for (const PageEntry& entry : pageCatalog()) {
        if (entry.key == key) page_.reset(makePage(entry.id, {*cluster_, *themes_, *clipboard_}, [] {}));
      }
    }
    QVERIFY(page_ != nullptr);
    page_->resize(1063, 703);
    page_->show();
    if (auto* page = qobject_cast<Page*>(page_.get())) page->setInView(true);
    cluster_->fakeTokens().setActive(false);
    cluster_->fakeTokens().setActive(true);
    QCoreApplication::processEvents();
  }
  static void pages() {
    QTest::addColumn<QString>("key");
    for (const PageEntry& entry : pageCatalog()) QTest::newRow(qPrintable(entry.key)) << entry.key;
    QTest::newRow("log") << "log";
  }

 private Q_SLOTS:
  void init() {
    themes_ = std::make_unique<ThemeManager>();
    clipboard_ = std::make_unique<ClipboardGuard>();
    cluster_ = std::make_unique<FakeCluster>();
    fill();
  }
  void cleanup() {
    page_.reset();
    cluster_.reset();
  }

  void aRowIsCopiedAsItIsShown_data() { pages(); }
  void aRowIsCopiedAsItIsShown() {
    QFETCH(QString, key);
    open(key);
    int views = 0;
    for (auto* view : page_->findChildren<QAbstractItemView*>()) {
      if (!view->isVisible() || view->model() == nullptr || view->model()->rowCount() == 0) continue;
      if (view->inherits("QComboBoxListView")) continue;
      ++views;
      view->setFocus();
      view->setCurrentIndex(view->model()->index(0, 0));
      QGuiApplication::clipboard()->clear();
      QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
      const QString copied = QGuiApplication::clipboard()->text();
      QVERIFY2(!copied.isEmpty(), qPrintable(view->accessibleName()));
      const bool table = qobject_cast<QTableView*>(view) != nullptr && view->model()->columnCount() > 1;
      QVERIFY2(!table || copied.contains(u'\t'), qPrintable(view->accessibleName() + QStringLiteral(": ") + copied));
      QVERIFY2(!copied.contains(value) && !copied.contains(principal), qPrintable(view->accessibleName()));
    }
    if (QStringList{QStringLiteral("tokens"), QStringLiteral("streams"), QStringLiteral("log")}.contains(key))
      QVERIFY(views > 0);
  }

  void whatCanBeSelectedHoldsNoSecret_data() { pages(); }
  void whatCanBeSelectedHoldsNoSecret() {
    QFETCH(QString, key);
    open(key);
    QStringList texts;
    for (auto* label : page_->findChildren<QLabel*>())
      if (label->textInteractionFlags().testFlag(Qt::TextSelectableByMouse)) texts << label->text();
    for (auto* field : page_->findChildren<QLineEdit*>()) texts << field->text();
    for (auto* field : page_->findChildren<QPlainTextEdit*>()) texts << field->toPlainText();
    for (auto* field : page_->findChildren<QTextEdit*>()) texts << field->toPlainText();
    for (const QString& text : texts) QVERIFY(!text.contains(value) && !text.contains(principal));
  }

  void whatIsSavedHoldsNoSecret_data() { pages(); }
  void whatIsSavedHoldsNoSecret() {
    QFETCH(QString, key);
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    open(key);
    auto* page = qobject_cast<Page*>(page_.get());
    if (page != nullptr && !page->canSave()) {
      page->save();
      QVERIFY(page->findChild<QFileDialog*>() == nullptr);
      return;
    }
    QTemporaryDir folder;
    QStringList said;
    if (page != nullptr) connect(page, &Page::message, this, [&](const QString& text) { said << text; });
    else connect(qobject_cast<LogView*>(page_.get()), &LogView::message, this, [&](const QString& text) { said << text; });
    const auto writeEach = [&] {
      const std::unique_ptr<QFileDialog> dialog(page_->findChild<QFileDialog*>());
      QVERIFY(dialog != nullptr);
      for (const QString& filter : dialog->nameFilters()) {
        said.clear();
        const QString path = folder.filePath(QStringLiteral("out.") + filter.section(u'.', -1).chopped(1));
        Q_EMIT dialog->fileSelected(path);
        QTRY_VERIFY(!said.isEmpty());
        QFile file(path);
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(path));
        const QByteArray content = file.readAll();
        QVERIFY(!content.isEmpty());
        QVERIFY(!content.contains(value.toUtf8()) && !content.contains(principal.toUtf8()));
      }
    };
    page != nullptr ? page->save() : qobject_cast<LogView*>(page_.get())->save();
    if (page_->findChild<QFileDialog*>() != nullptr) return writeEach();
    auto* menu = page_->findChild<QMenu*>();  // one that asks for the form first
    QVERIFY(menu != nullptr && menu->isVisible());
    menu->hide();
    for (QAction* action : menu->actions()) {
      action->trigger();
      writeEach();
    }
  }
};

QTEST_MAIN(ClipboardRulesTest)
#include "test_clipboard_rules.moc"
