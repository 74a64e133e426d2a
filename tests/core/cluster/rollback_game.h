// Instances, a balancer's file and commands that an operation's runner plays against, without time passing: they do
// what they are told, remember what had an effect, and fail where a test tells them to.
#pragma once

#include <QHash>
#include <QList>
#include <QStringList>
#include <functional>

#include "cluster/nginx_file.h"
#include "cluster/rollback_runner.h"
#include "cluster/rollback_words.h"

namespace vx11::cluster::testing {

using namespace vx11::cluster::rollback;
using Result = RollbackOutcome::Result;
using State = RollbackStep::State;
using Kind = RollbackStep::Kind;

inline const QString memory = QStringLiteral("memory"), hybrid = QStringLiteral("hybrid"),
                     single = QStringLiteral("single");
inline const QString allHybrid = QStringLiteral("hybrid hybrid hybrid"),
                     allMemory = QStringLiteral("memory memory memory");
inline const QByteArray nginxText =
    "# vx11 begin\nupstream operator_backend {\n  server 127.0.0.1:8001;\n  server localhost:8002 max_fails=2;\n"
    "  server [::1]:8003;\n}\n# vx11 end\nserver {\n  # vx11 begin\n  # vx11 end\n}\n";

inline QString nameOf(int slot) { return QString(QChar(u'a' + slot)); }

inline QList<InstanceInfo> threeInstances(const QString& mode = hybrid) {
  QList<InstanceInfo> all;
  for (int slot = 0; slot < 3; ++slot) {
    InstanceInfo info;
    info.slot = slot;
    info.id = nameOf(slot);
    info.url = QUrl(QStringLiteral("http://127.0.0.1:800%1").arg(slot + 1));
    info.mode = mode;
    info.state = InstanceState::Live;
    info.redisConfigured = true;
    info.maxTtlSec = 60;
    all << info;
  }
  return all;
}

inline RollbackSpec specTo(const QString& to) {
  RollbackSpec spec;
  spec.to = to;
  return spec;
}
/// With a file, commands, a balancer, and all windows waited for.
inline RollbackSpec fullSpec(const QString& to) {
  RollbackSpec spec = specTo(to);
  spec.nginxFile = QStringLiteral("nginx.conf");
  spec.reloadCommand = QStringList{QStringLiteral("reload")};
  spec.restartCommand = QStringList{QStringLiteral("restart"), QStringLiteral("{id}")};
  spec.watchSec = 10;
  return spec;
}
inline RollbackSpec restartSpec() {
  RollbackSpec spec = fullSpec(memory);
  spec.plan = RollbackSpec::Plan::Restart;
  return spec;
}
/// With all that a plan of that name may have: a mode, "single" or "restart".
inline RollbackSpec specOf(const QString& name) {
  if (name == QStringLiteral("restart")) return restartSpec();
  RollbackSpec spec = fullSpec(name);
  if (name == single) spec.keep = QStringLiteral("a");
  return spec;
}
inline RollbackGround groundOf(const QList<InstanceInfo>& instances) {
  RollbackGround ground;
  ground.instances = instances;
  ground.hasBalancer = true;
  ground.nginx = nginxText;
  return ground;
}

inline Failure refused(int status, const char* code, const char* text = "") {
  Failure failure;
  failure.kind = Failure::Kind::Http;
  failure.httpStatus = status;
  failure.code = QString::fromLatin1(code);
  failure.text = QString::fromLatin1(text);
  return failure;
}
inline Failure silent() {
  Failure failure;
  failure.kind = Failure::Kind::Timeout;
  failure.code = QStringLiteral("timed_out");
  return failure;
}

inline QString namesOf(const QList<int>& members) {
  QString names;
  for (const int slot : members) names += nameOf(slot);
  return names;
}

/// "look a", "sign abc", "release abc", "post a memory", "issue a", "run reload", "wait 250", "finish" …
inline QString textOf(const Action& action, qint64 now) {
  struct Text {
    qint64 now;
    QString operator()(const Look& one) const { return QStringLiteral("look ") + nameOf(one.slot); }
    QString operator()(const Sign& one) const {
      return (one.release ? QStringLiteral("release ") : QStringLiteral("sign ")) + namesOf(one.members);
    }
    QString operator()(const Post& one) const { return QStringLiteral("post ") + nameOf(one.slot) + u' ' + one.mode; }
    QString operator()(const Issue& one) const { return QStringLiteral("issue ") + nameOf(one.slot); }
    QString operator()(const Check& one) const { return QStringLiteral("check ") + nameOf(one.slot); }
    QString operator()(const WriteFile&) const { return QStringLiteral("write"); }
    QString operator()(const PutFileBack&) const { return QStringLiteral("putback"); }
    QString operator()(const Run& one) const { return QStringLiteral("run ") + one.command.join(u' '); }
    QString operator()(const Await&) const { return QStringLiteral("await"); }
    QString operator()(const ProbeRouting& one) const {
      return one.sticky ? QStringLiteral("probe sticky") : QStringLiteral("probe");
    }
    QString operator()(const DrainInstance& one) const { return QStringLiteral("drain ") + nameOf(one.slot); }
    QString operator()(const AskAlive& one) const { return QStringLiteral("alive ") + nameOf(one.slot); }
    QString operator()(const RunMatrix& one) const { return QStringLiteral("matrix ") + namesOf(one.members); }
    QString operator()(const Count&) const { return QStringLiteral("count"); }
    QString operator()(const WaitUntil& one) const { return QStringLiteral("wait %1").arg(one.at - now); }
    QString operator()(const Finish&) const { return QStringLiteral("finish"); }
  };
  return std::visit(Text{now}, action);
}

inline MatrixResult matrixOf(const QList<int>& members, const std::function<bool(int, int)>& accepts) {
  MatrixResult result;
  for (const int issuer : members) {
    for (const int validator : members) {
      MatrixCell cell;
      cell.issuer = issuer;
      cell.validator = validator;
      cell.state = accepts(issuer, validator) ? MatrixCell::State::Accepted : MatrixCell::State::Refused;
      result.cells << cell;
    }
  }
  result.explanation = QStringLiteral("As it is.");
  return result;
}
inline MatrixResult matrixOf(bool whole, bool diagonal = true) {
  return matrixOf({0, 1, 2}, [=](int i, int k) { return i == k ? diagonal : whole; });
}

/// What is there, and what was done to it.
struct World {
  struct Node {
    wire::ModeState mode;
    bool alive = true, foreign = false;
    qint64 bootMs = 1000;
    Counters counters{1000, 1};
  };
  QList<Node> nodes{3};
  QByteArray original = nginxText, file = nginxText, read = nginxText;
  bool copied = false;
  qint64 windowMs = 60'000, boots = 1000;
  QStringList effects;

  explicit World(const QString& mode = hybrid) {
    for (Node& node : nodes) node.mode.mode = node.mode.configured = mode;
  }
  [[nodiscard]] QString modes() const {
    return nodes[0].mode.mode + u' ' + nodes[1].mode.mode + u' ' + nodes[2].mode.mode;
  }
  [[nodiscard]] static Failure gone() {
    Failure failure;
    failure.kind = Failure::Kind::Network;
    failure.code = QStringLiteral("connection_refused");
    return failure;
  }

  Event operator()(const Look& one) {
    const Node& node = nodes[one.slot];
    return node.alive ? Event(ModeTold{node.mode}) : Failed{gone()};
  }
  Event operator()(const Sign& one) {
    Signed told;
    for (const int slot : one.members) {
      if (!nodes[slot].alive) told.failures.insert(slot, gone());
    }
    return told;
  }
  Event operator()(const Post& one) {
    Node& node = nodes[one.slot];
    if (!node.alive) return Failed{gone()};
    if (node.mode.mode != one.mode) {
      effects << nameOf(one.slot) + QStringLiteral(" to ") + one.mode;
      node.mode.drainingMs = windowMs;
      node.mode.mode = one.mode;
    }
    return ModeTold{node.mode};
  }
  Event operator()(const Issue& one) { return nodes[one.slot].alive ? Event(Issued{}) : Failed{gone()}; }
  Event operator()(const Check& one) {
    return nodes[one.slot].alive ? Event(Checked{true, QStringLiteral("accepted")}) : Failed{gone()};
  }
  Event operator()(const WriteFile& one) {
    if (file == one.after) return Written{};
    if (file != one.before && !one.after.startsWith(file)) return Failed{{}, QStringLiteral("Somebody else wrote.")};
    copied = true;
    file = one.after;
    effects << QStringLiteral("written");
    return Written{};
  }
  Event operator()(const PutFileBack& one) {
    if (!copied) return Written{};
    if (file != one.after && file != original) return Failed{{}, QStringLiteral("Somebody else wrote.")};
    file = original;
    copied = false;
    effects << QStringLiteral("put back");
    return Written{};
  }
  Event operator()(const Run& one) {
    effects << one.command.join(u' ');
    if (one.slot < 0) {
      read = file;
    } else {
      Node& node = nodes[one.slot];
      node.alive = true;
      node.bootMs = boots += 10'000;
      node.mode.mode = node.mode.configured;
      node.mode.drainingMs = 0;
    }
    return Ran{0, {QStringLiteral("well")}};
  }
  Event operator()(const Await&) { return Ran{0, {}}; }
  Event operator()(const ProbeRouting& one) {
    Probed probed;
    const auto parsed = NginxFile::read(read);
    const QStringList servers = parsed->servers();
    for (const QString& server : servers) {
      probed.answers.insert(nameOf(server.right(1).toInt() - 1), 15 / static_cast<int>(servers.size()));
      if (parsed->sticky() && one.sticky) break;
    }
    return probed;
  }
  Event operator()(const DrainInstance& one) {
    effects << QStringLiteral("stop ") + nameOf(one.slot);
    nodes[one.slot].alive = false;
    return Drained{};
  }
  Event operator()(const AskAlive& one) {
    const Node& node = nodes[one.slot];
    return Alive{node.alive, node.alive, node.bootMs};
  }
  Event operator()(const RunMatrix& one) {
    return MatrixTold{matrixOf(one.members, [this](int i, int k) {
      const bool both = nodes[i].mode.mode != memory && nodes[k].mode.mode != memory;
      return nodes[i].alive && nodes[k].alive && (i == k || both);
    })};
  }
  Event operator()(const Count& one) {
    Counted counted;
    for (const int slot : one.members) counted.counters.insert(slot, nodes[slot].counters);
    return counted;
  }
  Event operator()(const WaitUntil&) { return TimeCame{}; }
  Event operator()(const Finish&) { return TimeCame{}; }
};

inline int sameSlot(const QString& id, const QUrl&) { return id.front().unicode() - u'a'; }

/// Plays the world to a runner.
class Game {
 public:
  explicit Game(const QString& to, const QString& from = hybrid) : Game(specTo(to), groundOf(threeInstances(from))) {}
  explicit Game(const RollbackSpec& spec, const RollbackGround& ground = groundOf(threeInstances()))
      : runner(planRollback(ground, spec), spec, {QStringLiteral("op-1"), QStringLiteral("me")}) {
    for (const InstanceInfo& info : ground.instances) {
      world.nodes[info.slot].mode.mode = world.nodes[info.slot].mode.configured = info.mode;
      world.nodes[info.slot].foreign = !info.internalCalls;
      if (info.state == InstanceState::Unreachable) world.nodes[info.slot].alive = false;
    }
  }
  /// From now on this action ends so.
  void fail(const QString& action, const Event& event, int times = 1000) { failures[action] = {event, times}; }

  RollbackOutcome play(int limit = 20'000) {
    Action action = runner.begin(now);
    while (limit-- > 0) {
      const QString text = textOf(action, now);
      if (!text.startsWith(QStringLiteral("wait")) || done.isEmpty() || done.last() != text) done << text;
      if (const auto* sign = std::get_if<Sign>(&action); sign != nullptr && !sign->text.isEmpty()) audit << sign->text;
      if (const auto* end = std::get_if<Finish>(&action)) return end->outcome;
      if (on.contains(text)) on.take(text)();
      action = runner.next(eventFor(action, text), now);
    }
    RollbackOutcome endless;
    endless.result = Result::Refused;
    endless.reason = QStringLiteral("never ended");
    return endless;
  }
  Event eventFor(const Action& action, const QString& text) {
    if (const auto* wait = std::get_if<WaitUntil>(&action)) pass(wait->at - now);
    if (auto found = failures.find(text); found != failures.end() && found->second > 0) {
      --found->second;
      return found->first;
    }
    return std::visit(world, action);
  }
  void pass(qint64 ms) {
    now += std::max<qint64>(0, ms);
    for (auto& node : world.nodes) node.mode.drainingMs = std::max<qint64>(0, node.mode.drainingMs - ms);
  }
  /// What was done, without signs and looks.
  [[nodiscard]] QString deeds() const {
    QStringList all = done;
    all.removeIf([](const QString& text) {
      for (const char* quiet : {"sign", "look", "alive", "wait", "count"}) {
        if (text.startsWith(QLatin1String(quiet))) return true;
      }
      return false;
    });
    return all.join(QStringLiteral(", "));
  }
  [[nodiscard]] QString effects() const { return world.effects.join(QStringLiteral(", ")); }
  [[nodiscard]] QString modesNow() const { return world.modes(); }
  /// "look+ switcha> gateaw": of each step how it stands.
  [[nodiscard]] QString stepsNow() const {
    QStringList all;
    static const QString states = QStringLiteral("w>+-s?");
    for (const RollbackStep& step : runner.steps()) {
      all << wordOf(step.kind) + step.instance + states[static_cast<int>(step.state)];
    }
    return all.join(u' ');
  }
  [[nodiscard]] const RollbackStep& step(Kind kind, int slot = -1) const {
    return runner.steps()[runner.plan().stepOf(kind, slot)];
  }

  qint64 now = 1'000'000;
  World world;
  RollbackRunner runner;
  QHash<QString, std::pair<Event, int>> failures;
  QHash<QString, std::function<void()>> on;  ///< while this action is under way
  QStringList done, audit;
};

}  // namespace vx11::cluster::testing
