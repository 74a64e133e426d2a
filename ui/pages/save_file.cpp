#include "pages/save_file.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>
#include <algorithm>
#include <utility>

namespace vx11::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::SaveFile)
};

QString write(const QString& path, const QByteArray& content) {
  QSaveFile file(path);
  bool saved = file.open(QIODevice::WriteOnly);
  if (saved) saved = file.write(content) == content.size() && file.commit();
  return saved ? Words::tr("Saved %1").arg(path) : Words::tr("Could not save %1: %2").arg(path, file.errorString());
}

/// Beside the window; `done` in it.
void writeLater(QWidget* owner, const QString& path, std::function<QByteArray()> make,
                std::function<void(const QString&)> done) {
  QThreadPool::globalInstance()->start([owner = QPointer(owner), make = std::move(make), done = std::move(done), path] {
    const QString said = write(path, make());
    QMetaObject::invokeMethod(QCoreApplication::instance(), [owner, done, said] {
      if (owner) done(said);
    });
  });
}

QFileDialog* openDialog(QWidget* parent, const QString& title, const QString& fileName, const QStringList& filters) {
  auto* dialog = new QFileDialog(parent, title);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setNameFilters(filters);
  dialog->setDefaultSuffix(QFileInfo(fileName).suffix());
  dialog->selectFile(fileName);
  return dialog;
}

}  // namespace

void saveFile(QWidget* parent, SaveRequest request, std::function<void(const QString&)> done) {
  auto* dialog = openDialog(parent, request.title, request.fileName, {request.filter});
  QObject::connect(dialog, &QFileDialog::fileSelected, parent,
                   [parent, make = std::move(request.make), done](const QString& path) {
                     writeLater(parent, path, make, done);
                   });
  dialog->open();
}

void saveFileAs(QWidget* parent, const QString& title, const QString& stem, const QList<SaveFormat>& formats,
                std::function<void(const QString&)> done) {
  QStringList filters;
  for (const SaveFormat& format : formats) filters << format.filter;
  const QString name = stem + QDateTime::currentDateTime().toString(u"'-'yyyyMMdd-HHmmss");
  auto* dialog = openDialog(parent, title, name + u'.' + formats.first().suffix, filters);
  const auto chosen = [dialog, formats] {
    const auto found = std::find_if(formats.begin(), formats.end(), [dialog](const SaveFormat& format) {
      return format.filter == dialog->selectedNameFilter();
    });
    return found == formats.end() ? formats.first() : *found;
  };
  QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, chosen, name] {
    dialog->setDefaultSuffix(chosen().suffix);
    dialog->selectFile(name + u'.' + chosen().suffix);
  });
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, [parent, formats, chosen, done](const QString& path) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    const auto typed = std::find_if(formats.begin(), formats.end(),
                                    [&](const SaveFormat& format) { return format.suffix == suffix; });
    const SaveFormat format = typed == formats.end() ? chosen() : *typed;
    if (format.write) return format.write(path);
    writeLater(parent, path, format.make, done);
  });
  dialog->open();
}

SaveFormat pictureOf(QWidget& widget) {
  return {Words::tr("Pictures (*.png)"), QStringLiteral("png"), [image = widget.grab().toImage()] {
            QByteArray bytes;
            QBuffer buffer(&bytes);
            image.save(&buffer, "PNG");
            return bytes;
          }};
}

}  // namespace vx11::ui
