// Inputs for a test of the loader: flags, variables and files of its own, nothing of the process it runs in.
#pragma once

#include <QString>
#include <QStringList>

#include <map>

#include "config/loader.h"

namespace vx11::config::testing {

struct TestFile {
  std::string text;
  unsigned mode = 0600;
};

struct TestInputs {
  std::vector<std::string> flags;
  std::vector<std::pair<std::string, std::string>> variables;
  std::map<std::string, TestFile> files;
  std::map<std::string, std::string> unwritable = {};  ///< why, by path

  [[nodiscard]] boost::system::result<Loaded, std::string> load() const {
    Inputs inputs;
    inputs.arguments = flags;
    inputs.environment = variables;
    inputs.read_file = [this](const std::string& path) -> boost::system::result<std::string, std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return {boost::system::in_place_error, "No such file or directory"};
      return {boost::system::in_place_value, found->second.text};
    };
    inputs.file_mode = [this](const std::string& path) -> std::optional<unsigned> {
      const auto found = files.find(path);
      if (found == files.end()) return std::nullopt;
      return found->second.mode;
    };
    inputs.why_not_writable = [this](const std::string& path) -> std::optional<std::string> {
      const auto found = unwritable.find(path);
      if (found == unwritable.end()) return std::nullopt;
      return found->second;
    };
    return config::load(inputs);
  }

  /// The error, or "" when there is none.
  [[nodiscard]] QString error() const {
    const auto loaded = load();
    return loaded ? QString() : QString::fromStdString(loaded.error());
  }

  [[nodiscard]] QStringList warnings() const {
    QStringList all;
    if (const auto loaded = load()) {
      for (const auto& warning : loaded->settings.warnings) all.append(QString::fromStdString(warning));
    }
    return all;
  }

  [[nodiscard]] QString report() const {
    const auto loaded = load();
    return loaded ? QString::fromStdString(loaded->report) : QString();
  }

  /// Value and source of one setting in the report, as "value # source" with single blanks.
  [[nodiscard]] QString reported(const QString& key) const {
    for (const auto& line : report().split('\n')) {
      const auto words = line.mid(line.startsWith('#') ? 1 : 0).simplified();
      if (words.startsWith(key + " =")) return words.mid(key.size() + 2).trimmed();
    }
    return {};
  }
};

}  // namespace vx11::config::testing
