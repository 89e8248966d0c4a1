//! Running networks: the only place that knows the runtime library.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::ep::CPU;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

use super::models::{ModelError, ModelFolder, Purpose};

/// Why a network cannot be started or did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum RuntimeError {
    /// A file is missing or is not the pinned one.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The runtime library could not be loaded.
    #[error("the runtime library cannot be loaded: {0}")]
    Library(String),
    /// The runtime refused the model, or failed while it ran.
    #[error("the runtime failed: {0}")]
    Failed(String),
    /// The network answered with something of another shape than expected.
    #[error("the network answered with shape {0:?}")]
    Shape(Vec<i64>),
}

impl<R> From<ort::Error<R>> for RuntimeError {
    fn from(error: ort::Error<R>) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The library's environment: there can be one in a process, whatever is started in it.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// The runtime library, loaded once per process.
pub(super) struct Runtime {
    environment: Environment,
}

impl Runtime {
    pub(super) fn load(models: &ModelFolder) -> Result<Self, RuntimeError> {
        let library = models.runtime()?;
        let mut known = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
        let environment = match known.take() {
            Some(environment) => environment,
            None => ort::init_from(library)
                .map_err(|e| RuntimeError::Library(e.to_string()))?
                .with_name("juanzong")
                .with_telemetry(false)
                .build()?,
        };
        *known = Some(environment.clone());
        Ok(Self { environment })
    }

    pub(super) fn network(&self, models: &ModelFolder, purpose: Purpose) -> Result<Network, RuntimeError> {
        self.session(&models.network(purpose)?)
    }

    fn session(&self, model: &Path) -> Result<Network, RuntimeError> {
        // One thread: there is one process per core. No arena: pages differ in size, and it would keep the largest.
        // Flush to zero: the detection model holds a quarter of a million denormal weights, on which processors stall
        // (450 ms a page with them, 155 ms without). The runtime heeds the setting of the first session only.
        let session = Session::builder(&self.environment)?
            .with_flush_to_zero()?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(false)?
            .with_optimization_level(GraphOptimizationLevel::Level3)?
            .with_memory_pattern(false)?
            .with_execution_providers([CPU::default().with_arena_allocator(false).build()])?
            .commit_from_file(model)?;
        Ok(Network { session })
    }
}

/// A network with one input and one output of 32-bit floats.
pub(super) struct Network {
    session: Session,
}

impl Network {
    /// Feeds an input of `[1, channels, height, width]` and hands shape and values of the output to `read`.
    pub(super) fn run<T>(
        &mut self,
        shape: [usize; 4],
        values: &[f32],
        read: impl FnOnce(&[i64], &[f32]) -> Result<T, RuntimeError>,
    ) -> Result<T, RuntimeError> {
        let input = TensorRef::from_array_view((shape, values))?;
        let outputs = self.session.run(ort::inputs![input])?;
        let (shape, values) = outputs[0].try_extract_tensor::<f32>()?;
        read(shape, values)
    }

    /// A text kept beside the model under this name.
    pub(super) fn note(&self, key: &str) -> Option<String> {
        self.session.metadata().ok()?.custom(key)
    }
}
