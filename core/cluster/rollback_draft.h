// What is asked for and what is there, put side by side: from this a plan's steps, refusal, warnings and summary are
// made. No I/O.
#pragma once

#include "cluster/nginx_file.h"
#include "cluster/rollback_plan.h"

namespace vx11::cluster::rollback {

struct Draft {
  Draft(const RollbackGround& known, const RollbackSpec& wanted);

  const RollbackGround& ground;
  const RollbackSpec& spec;
  bool single = false, restart = false, redisDead = false;
  QString mode;                         ///< that is switched to; empty: none is
  QList<InstanceInfo> chosen, leftOut;  ///< `leftOut`: by the operator's word
  std::optional<InstanceInfo> kept;     ///< of single
  std::optional<NginxFile> file;        ///< given, read and marked
  QString fileProblem;                  ///< a sentence

  /// Switched: the kept one of single, else all that take part.
  [[nodiscard]] QList<InstanceInfo> switched() const;
  /// Of single: those that are stopped.
  [[nodiscard]] QList<InstanceInfo> others() const;
  /// To a mode in which every instance knows every token: stickiness goes at the end.
  [[nodiscard]] bool up() const { return !restart && mode != QStringLiteral("memory"); }
  /// nginx can be made to read what is written.
  [[nodiscard]] bool reloads() const { return !spec.reloadCommand.isEmpty() || spec.attended; }
  /// The upstream's servers at the end, in the file's own order and spelling. With a file only. One that it lacks is
  /// put in on the way up.
  [[nodiscard]] QStringList servers() const;
  [[nodiscard]] QStringList serversFor(const InstanceInfo& instance) const;
  /// Servers that belong to no instance that is known.
  [[nodiscard]] QStringList strangers() const;
  /// How long the longest token lives; 0: nobody said.
  [[nodiscard]] int windowSec() const;
};

/// Is it meant by this word of the operator's: an id, or a URL?
[[nodiscard]] bool isMeant(const InstanceInfo& instance, const QString& word);
[[nodiscard]] QStringList namesOf(const QList<InstanceInfo>& instances);
[[nodiscard]] bool needsRedis(const QString& mode);
/// Does it take part though nobody can ask it anything?
[[nodiscard]] bool isGone(const InstanceInfo& instance);

/// A sentence; empty: it can be begun.
[[nodiscard]] QString refusalOf(const Draft& draft);
[[nodiscard]] QStringList warningsOf(const Draft& draft);
[[nodiscard]] QString summaryOf(const Draft& draft);

}  // namespace vx11::cluster::rollback
