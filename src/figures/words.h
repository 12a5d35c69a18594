// What figures say, in the languages in which they can be drawn: each phrase stands here once.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace sinapse {

enum class Language : uint8_t { english, portuguese };

struct Translation {
  std::string_view english, portuguese;
};

inline constexpr Translation kPhrases[] = {
    // activations and neurons
    {"Activation functions", "Funções de ativação"},
    {"Derivatives", "Derivadas"},
    {"{} of (x, 0)", "{} de (x, 0)"},
    {"w = {}, b = {}", "w = {}; b = {}"},
    {"One neuron: {}(w x + b)", "Um neurônio: {}(w x + b)"},
    {"What is left of a derivative after n layers", "O que resta da derivada após n camadas"},
    {"layers n", "n, número de camadas"},
    {"|d f(f(...f(x))) / dx| at x = {}", "|d f(f(...f(x))) / dx| em x = {}"},
    // networks
    {"Network", "Rede"},
    {"Input layer", "Camada de entrada"},
    {"Hidden layer {}", "Camada oculta {}"},
    {"Output layer", "Camada de saída"},
    {"{} neuron", "{} neurônio"},
    {"{} neurons", "{} neurônios"},
    {"linear", "linear"},
    {"{} is missing", "{} ausente"},
    {"{} is unknown", "{} desconhecido"},
    {"input {}", "entrada {}"},
    {"{} parameters", "{} parâmetros"},
    {"Weights of {}", "Pesos de {}"},
    {"{} row", "{} linha"},
    {"{} rows", "{} linhas"},
    {"{} column", "{} coluna"},
    {"{} columns", "{} colunas"},
    {"from {} (vermilion) over 0 to {} (blue)", "de {} (vermelhão) por 0 a {} (azul)"},
    {"red, green and blue, each from {} (dark) over 0 (gray) to {}",
     "vermelho, verde e azul, cada um de {} (escuro) por 0 (cinza) a {}"},
    {"Filters of {}: {} of {} x {} over {}", "Filtros de {}: {} de {} x {} sobre {}"},
    {"{} channel", "{} canal"},
    {"{} channels", "{} canais"},
    {"the first {}", "os primeiros {}"},
    {"{} of {} channels", "{} de {} canais"},
    {"row {}", "linha {}"},
    {"Activations of {}", "Ativações de {}"},
    {"{} to {}", "{} a {}"},
    {"of each layer: vermilion below 0, white 0, blue above; of pictures the first channels",
     "em cada camada: vermelhão abaixo de 0, branco 0, azul acima; de imagens, os primeiros "
     "canais"},
    {"Predictions by {} and {}", "Previsões por {} e {}"},
    {"{}: from {} (white) to {} (blue)", "{}: de {} (branco) a {} (azul)"},
    // training
    {"Loss", "Perda"},
    {"epoch", "época"},
    {"training", "treinamento"},
    {"validation", "validação"},
    {"{}, training", "{}, treinamento"},
    {"Learning rate", "Taxa de aprendizado"},
    {"Validation: {}", "Validação: {}"},
    // answers
    {"Confusion matrix", "Matriz de confusão"},
    {"predicted", "previsto"},
    {"true", "verdadeiro"},
    {"ROC", "ROC"},
    {"false positive rate", "taxa de falsos positivos"},
    {"true positive rate", "taxa de verdadeiros positivos"},
    {"Precision and recall", "Precisão e revocação"},
    {"recall", "revocação"},
    {"precision", "precisão"},
    {"Calibration", "Calibração"},
    {"probability of {}", "probabilidade de {}"},
    {"probability of the predicted class", "probabilidade da classe prevista"},
    {"share that was so", "fração em que foi assim"},
    {"Lift", "Lift"},
    {"share of the rows, most probable first", "fração das linhas, as mais prováveis primeiro"},
    {"times as many as by chance", "vezes o que se teria ao acaso"},
    {"Predicted and true", "Previsto e verdadeiro"},
    {"true {}", "{} verdadeiro"},
    {"predicted {}", "{} previsto"},
    {"Residuals", "Resíduos"},
    {"predicted - true", "previsto - verdadeiro"},
    {"How often", "Frequência"},
    {"rows", "linhas"},
    // series
    {"observed", "observado"},
    {"forecast", "previsão"},
    {"naive", "ingênua"},
    {"seasonal naive", "ingênua sazonal"},
    {"{}, {} steps ahead", "{}, {} passos à frente"},
    {"{} of {}", "{} de {}"},
    // between the parts of formulas
    {" if ", " se "},
    {", else ", ", senão "},
    {" or ", " ou "},
    {" where ", " onde "},
    {" limited to ", " limitado a "},
    {"training draws a from [l, u], inference takes (l + u)/2",
     "o treino sorteia a de [l, u], a inferência usa (l + u)/2"},
};

/// A phrase, written in English in the code; one that is not in the table does not compile.
class Phrase {
 public:
  consteval Phrase(const char* english) : place_(find(english)) {}  // NOLINT: reads as a text
  const Translation& translation() const { return kPhrases[place_]; }

 private:
  static consteval size_t find(std::string_view english) {
    for (size_t i = 0; i < std::size(kPhrases); ++i)
      if (kPhrases[i].english == english) return i;
    throw "not in kPhrases";
  }

  size_t place_;
};

/// Says phrases and numbers in a language.
class Words {
 public:
  Words(Language language = Language::english) : language_(language) {}  // NOLINT: is the language

  std::string operator()(Phrase phrase) const { return std::string(text(phrase.translation())); }
  /// With its {} filled in. Numbers are passed as texts that number() has made.
  template <class... Parts>
  std::string operator()(Phrase phrase, const Parts&... parts) const {
    return fmt::format(fmt::runtime(text(phrase.translation())), parts...);
  }
  /// "1 neuron", "2 neurons".
  std::string count(int64_t count, Phrase one, Phrase many) const {
    return (*this)(count == 1 ? one : many, count);
  }

  /// A number written in English, as this language writes it: "1,234.5" → "1.234,5".
  std::string number(std::string english) const;
  /// A formula of an activation, with its numbers and the words between.
  std::string formula(std::string_view english) const;

 private:
  std::string_view text(const Translation& of) const {
    return language_ == Language::english ? of.english : of.portuguese;
  }

  Language language_;
};

}  // namespace sinapse
