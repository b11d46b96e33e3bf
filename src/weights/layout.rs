//! Which array of a CTranslate2 Whisper model becomes which tensor of a GGML file.
//!
//! CTranslate2 stacks projections that are computed together: self-attention `linear_0` is query, key and value,
//! cross-attention `linear_1` key and value. Keys have no bias in Whisper; the stacked bias holds zeros there.

use super::ggml::Hyperparameters;

/// How a tensor may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Single precision always: biases, norms, positions.
    Plain,
    /// Half precision always: the convolutions.
    Half,
    /// As the user chose: the matrices that make up the bulk.
    Matrix,
}

/// One tensor of the GGML file and where its numbers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tensor {
    pub(super) name: String,
    /// Lengths, slowest dimension first.
    pub(super) shape: Vec<usize>,
    pub(super) form: Form,
    /// The CTranslate2 variable.
    pub(super) variable: String,
    /// Which of `parts` equal parts of the variable's rows this is.
    pub(super) part: usize,
    pub(super) parts: usize,
}

impl Tensor {
    pub(super) fn rows(&self) -> usize {
        self.shape[0]
    }

    pub(super) fn columns(&self) -> usize {
        self.shape[1..].iter().product()
    }
}

/// Every tensor of a model of this shape, in the order of the published files.
pub(super) fn tensors(shape: &Hyperparameters) -> Vec<Tensor> {
    let mut layout = Layout { state: shape.audio_state as usize, tensors: Vec::new() };
    layout.positions("decoder", shape.text_context as usize);
    layout.positions("encoder", shape.audio_context as usize);
    layout.embedding(shape.vocabulary as usize);
    for layer in 0..shape.text_layers {
        layout.decoder_layer(layer);
    }
    layout.norm("decoder.ln", "decoder/layer_norm");
    layout.convolution("conv1", shape.mels as usize);
    layout.convolution("conv2", shape.audio_state as usize);
    for layer in 0..shape.audio_layers {
        layout.encoder_layer(layer);
    }
    layout.norm("encoder.ln_post", "encoder/layer_norm");
    layout.tensors
}

struct Layout {
    state: usize,
    tensors: Vec<Tensor>,
}

impl Layout {
    fn positions(&mut self, side: &str, context: usize) {
        let variable = format!("{side}/position_encodings/encodings");
        self.add(format!("{side}.positional_embedding"), vec![context, self.state], Form::Plain, variable);
    }

    fn embedding(&mut self, vocabulary: usize) {
        let shape = vec![vocabulary, self.state];
        let variable = "decoder/embeddings/weight".to_owned();
        self.add("decoder.token_embedding.weight".to_owned(), shape, Form::Matrix, variable);
    }

    fn decoder_layer(&mut self, layer: u32) {
        let (name, variable) = (format!("decoder.blocks.{layer}"), format!("decoder/layer_{layer}"));
        self.feed_forward(&name, &variable);
        self.self_attention(&name, &variable);
        self.cross_attention(&name, &variable);
    }

    fn encoder_layer(&mut self, layer: u32) {
        let (name, variable) = (format!("encoder.blocks.{layer}"), format!("encoder/layer_{layer}"));
        self.feed_forward(&name, &variable);
        self.self_attention(&name, &variable);
    }

    fn feed_forward(&mut self, name: &str, variable: &str) {
        let (state, inner) = (self.state, 4 * self.state);
        self.norm(&format!("{name}.mlp_ln"), &format!("{variable}/ffn/layer_norm"));
        self.linear(&format!("{name}.mlp.0"), &format!("{variable}/ffn/linear_0"), [inner, state]);
        self.linear(&format!("{name}.mlp.2"), &format!("{variable}/ffn/linear_1"), [state, inner]);
    }

    fn self_attention(&mut self, name: &str, variable: &str) {
        let variable = format!("{variable}/self_attention");
        let stacked = format!("{variable}/linear_0");
        self.norm(&format!("{name}.attn_ln"), &format!("{variable}/layer_norm"));
        self.projection(&format!("{name}.attn.query"), &stacked, 0, 3);
        self.key_projection(&format!("{name}.attn.key"), &stacked, 1, 3);
        self.projection(&format!("{name}.attn.value"), &stacked, 2, 3);
        self.projection(&format!("{name}.attn.out"), &format!("{variable}/linear_1"), 0, 1);
    }

    fn cross_attention(&mut self, name: &str, variable: &str) {
        let variable = format!("{variable}/attention");
        let stacked = format!("{variable}/linear_1");
        self.norm(&format!("{name}.cross_attn_ln"), &format!("{variable}/layer_norm"));
        self.projection(&format!("{name}.cross_attn.query"), &format!("{variable}/linear_0"), 0, 1);
        self.key_projection(&format!("{name}.cross_attn.key"), &stacked, 0, 2);
        self.projection(&format!("{name}.cross_attn.value"), &stacked, 1, 2);
        self.projection(&format!("{name}.cross_attn.out"), &format!("{variable}/linear_2"), 0, 1);
    }

    fn projection(&mut self, name: &str, variable: &str, part: usize, parts: usize) {
        self.key_projection(name, variable, part, parts);
        let (name, variable) = (format!("{name}.bias"), format!("{variable}/bias"));
        let shape = vec![self.state];
        self.tensors.push(Tensor { name, shape, form: Form::Plain, variable, part, parts });
    }

    /// A projection without a bias.
    fn key_projection(&mut self, name: &str, variable: &str, part: usize, parts: usize) {
        let (name, variable) = (format!("{name}.weight"), format!("{variable}/weight"));
        let shape = vec![self.state, self.state];
        self.tensors.push(Tensor { name, shape, form: Form::Matrix, variable, part, parts });
    }

    fn linear(&mut self, name: &str, variable: &str, shape: [usize; 2]) {
        self.add(format!("{name}.weight"), shape.to_vec(), Form::Matrix, format!("{variable}/weight"));
        self.add(format!("{name}.bias"), vec![shape[0]], Form::Plain, format!("{variable}/bias"));
    }

    fn norm(&mut self, name: &str, variable: &str) {
        let shape = vec![self.state];
        self.add(format!("{name}.weight"), shape.clone(), Form::Plain, format!("{variable}/gamma"));
        self.add(format!("{name}.bias"), shape, Form::Plain, format!("{variable}/beta"));
    }

    fn convolution(&mut self, name: &str, inputs: usize) {
        let shape = vec![self.state, inputs, 3];
        self.add(format!("encoder.{name}.weight"), shape, Form::Half, format!("encoder/{name}/weight"));
        let bias = vec![self.state, 1];
        self.add(format!("encoder.{name}.bias"), bias, Form::Plain, format!("encoder/{name}/bias"));
    }

    fn add(&mut self, name: String, shape: Vec<usize>, form: Form, variable: String) {
        self.tensors.push(Tensor { name, shape, form, variable, part: 0, parts: 1 });
    }
}
