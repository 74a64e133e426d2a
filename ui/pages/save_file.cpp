#include "pages/save_file.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>

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

}  // namespace

void saveFile(QWidget* parent, SaveRequest request, std::function<void(const QString&)> done) {
  auto* dialog = new QFileDialog(parent, request.title, {}, request.filter);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QFileInfo(request.fileName).suffix());
  dialog->selectFile(request.fileName);
  const auto saveAs = [owner = QPointer(parent), make = std::move(request.make), done](const QString& path) {
    QThreadPool::globalInstance()->start([owner, make, done, path] {
      const QString said = write(path, make());
      QMetaObject::invokeMethod(QCoreApplication::instance(), [owner, done, said] {
        if (owner) done(said);
      });
    });
  };
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, saveAs);
  dialog->open();
}

}  // namespace vx11::ui
