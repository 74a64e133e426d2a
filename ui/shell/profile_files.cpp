#include "shell/profile_files.h"

#include <QFile>
#include <QFileDialog>

#include "cluster/profile_transfer.h"
#include "pages/save_file.h"
#include "shell/profiles.h"

namespace vx11::ui {
namespace {

namespace transfer = cluster::profile_transfer;

QString count(qsizetype profiles) {
  return profiles == 1 ? ProfileFiles::tr("1 profile") : ProfileFiles::tr("%1 profiles").arg(profiles);
}

QString filter() { return ProfileFiles::tr("Profiles (*.json)"); }

}  // namespace

ProfileFiles::ProfileFiles(Profiles& profiles, QObject* parent) : QObject(parent), profiles_(profiles) {}

void ProfileFiles::exportTo(QWidget* above, const QList<cluster::Profile>& profiles) {
  const QString name = profiles.size() == 1 ? profiles.first().name : QStringLiteral("vx11-profiles");
  QString fileName = name;
  fileName.replace(u'/', u'-');
  QStringList left = transfer::leftOut(profiles);
  left.prepend(tr("Secrets stay on this machine."));
  saveFile(above,
           {tr("Export %1").arg(count(profiles.size())), fileName + QStringLiteral(".json"), filter(),
            [profiles] { return transfer::written(profiles); }},
           [this, left](const QString& sentence) {
             Q_EMIT said(Mark::Pass, QStringLiteral("%1 %2").arg(sentence, left.join(u' ')));
           });
}

void ProfileFiles::importFrom(QWidget* above) {
  auto* dialog = new QFileDialog(above, tr("Import profiles"), {}, filter());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &ProfileFiles::import);
  dialog->open();
}

void ProfileFiles::import(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly))
    return Q_EMIT said(Mark::Fail, tr("%1 can't be read: %2.").arg(path, file.errorString()));
  const auto known = profiles_.store().load();
  if (known.has_error()) return Q_EMIT said(Mark::Fail, known.error());
  QStringList names;
  for (const cluster::Profile& profile : *known) names << profile.name;
  const auto read = transfer::read(file.read(transfer::mostBytes + 1), names);
  if (read.has_error()) return Q_EMIT said(Mark::Fail, tr("%1 wasn't imported. %2").arg(path, read.error()));
  const auto saved = profiles_.store().saveAll(read->profiles);
  if (saved.has_error()) return Q_EMIT said(Mark::Fail, saved.error());
  QStringList ids;
  for (const cluster::Profile& profile : *saved) ids << profile.id;
  profiles_.noteChange();
  Q_EMIT imported(ids);
  QStringList sentences{tr("%1 imported.").arg(count(ids.size()))};
  sentences << read->leftOut;
  Q_EMIT said(read->leftOut.isEmpty() ? Mark::Pass : Mark::Warning, sentences.join(u'\n'));
}

}  // namespace vx11::ui
