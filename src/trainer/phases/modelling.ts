import { splitBatch } from '../../learning/data/split';
import { copyRow } from '../../learning/engine/rowTable';
import { behaviourProgram, behaviourRows, behaviourThresholds } from '../../learning/model/behaviour';
import type { Snapshot } from '../../learning/model/snapshot';
import { SupervisedFit, type SupervisedRows } from '../../learning/model/supervisedFit';
import { knownInputs, modelSizes, modelTargets, type ModelTarget, transitionProgram, transitionRows } from '../../learning/model/transitionModel';
import { policyInputs } from '../../learning/policy/definition';
import { createForward } from '../../learning/policy/forward';
import { initialiseNetwork } from '../../learning/policy/initialise';
import type { Network } from '../../learning/policy/network';
import { iterationFiles } from '../../run/paths';
import type { IterationContext } from '../context';
import { tellModelHealth } from './health';
import { judgeOnHoldout } from './judging';
import { type Models, modelsFile } from './modelsFile';

const GRADIENT_CLIP = 1;
const BEHAVIOUR_HIDDEN = [32, 32];
const BEHAVIOUR_UPDATES = 600;

/**
 * Fits the ensemble of transition (and reward) models and the behaviour policy to all recordings.
 * @param earlier models to start from, if warm start is wanted
 */
export function fitModels(context: IterationContext, earlier: Models | null): Models {
  const { experiment, description, output, batch, frame, iteration, engine, random } = context;
  const settings = experiment.models;
  output.begin(iteration, 'modelling');
  const snapshots = output.takeSnapshots(iteration, 'modelling');
  const split = splitBatch(batch, settings.holdout, Math.max(settings.history, experiment.policies.history), random.fork('split'));
  const targets = modelTargets(description, settings, frame.scales);
  const known = knownInputs(description, settings.inputs);
  const sizes = modelSizes(settings, description.actions.length, known.length, targets.length);
  const rows = transitionRows(batch, split, settings, frame.scales, targets, known);
  const streams = random.fork('models', iteration);
  const warm = settings.warmStart && earlier !== null;
  const updates = iteration === 1 || !warm ? settings.updates : settings.laterUpdates;
  const total = updates + BEHAVIOUR_UPDATES;
  const initial = Array.from({ length: settings.members }, (_, member) => (warm ? earlier.members[member].network : initialiseNetwork(sizes, 'tanh', streams.fork('initial', member), 1)));
  const transition = new SupervisedFit(
    engine, rows, (count) => transitionProgram(sizes, settings.members, count, targets, settings.rewardWeight, 'tanh'),
    { updates, batch: settings.batch, learningRate: settings.learningRate, patience: settings.patience, bootstrap: settings.bootstrap, clip: GRADIENT_CLIP },
    initial, streams.fork('transition'), snapshots['transition'] ?? null,
  );
  runFit(context, transition, 0, total, (snapshot) => ({ transition: snapshot }));
  const networks = transition.result();
  const spreads = residuals(networks, rows, targets);
  // a checkpoint within β's fit lies behind these events: they still count
  if (snapshots['behaviour'] === undefined) networks.forEach((_, member) => {
    const residualSpread = spreads.members[member];
    output.event({ type: 'model-fitted', iteration, model: 'transition', member, updates: transition.update, bestUpdate: transition.bestUpdate, trainingError: transition.trainingError, holdoutError: transition.bestErrors[member], residualSpread });
  });

  const behaviourRowsOf = behaviourRows(batch, split, experiment.policies, frame.scales);
  const behaviourSizes = [behaviourRowsOf.inputs, ...BEHAVIOUR_HIDDEN, 2 * description.actions.length];
  const start = warm ? earlier.behaviour.network : initialiseNetwork(behaviourSizes, 'tanh', streams.fork('initial behaviour'));
  const behaviour = new SupervisedFit(
    engine, behaviourRowsOf, (count) => behaviourProgram(behaviourSizes, count, 'tanh'),
    { updates: BEHAVIOUR_UPDATES, batch: settings.batch, learningRate: settings.learningRate, patience: BEHAVIOUR_UPDATES, bootstrap: false, clip: GRADIENT_CLIP },
    [start], streams.fork('behaviour'), snapshots['behaviour'] ?? null,
  );
  runFit(context, behaviour, updates, total, (snapshot) => ({ transition: transition.snapshot(), behaviour: snapshot }));
  const [beta] = behaviour.result();
  output.event({ type: 'model-fitted', iteration, model: 'behaviour', member: 0, updates: behaviour.update, bestUpdate: behaviour.bestUpdate, trainingError: behaviour.trainingError, holdoutError: behaviour.bestErrors[0], residualSpread: {} });
  reportNonFinite(context, transition);
  reportNonFinite(context, behaviour);
  tellModelHealth(context, behaviour.bestErrors[0]);

  const { soft } = experiment.safety;
  const thresholds = behaviourThresholds(beta, behaviourRowsOf, soft.quantile);
  const inputs = policyInputs(settings.inputs, description, frame.scales);
  const actions = description.actions.map((action) => action.name);
  const models: Models = {
    members: networks.map((network) => ({ network, history: settings.history, inputs, actions, known, targets })),
    behaviour: {
      network: beta, history: experiment.policies.history, inputs: policyInputs(experiment.policies.inputs, description, frame.scales), actions,
      supportThresholds: thresholds.supportThresholds, logDelta: soft.logDensity ?? thresholds.logDelta,
    },
    holdoutErrors: [...transition.bestErrors],
    residualSpread: spreads.mean,
  };
  judgeOnHoldout(context, models, split);
  output.json(iterationFiles.models(iteration), modelsFile(models, frame), iteration);
  output.end(iteration, 'modelling');
  transition.dispose();
  behaviour.dispose();
  return models;
}

function runFit({ output, iteration }: IterationContext, fit: SupervisedFit, before: number, total: number, snapshots: (own: Snapshot) => Record<string, Snapshot>): void {
  while (!fit.finished) {
    fit.step();
    output.progress(iteration, 'modelling', before + fit.update, total, { trainingError: fit.trainingError, holdoutError: fit.bestErrors.reduce((sum, error) => sum + error, 0) / fit.bestErrors.length });
    output.betweenUpdates(() => ({ iteration, phase: 'modelling', done: before + fit.update, snapshots: snapshots(fit.snapshot()) }));
  }
}

function reportNonFinite({ output, iteration }: IterationContext, fit: SupervisedFit): void {
  fit.nonFinite.forEach((count, member) => {
    if (count > 0) output.event({ type: 'non-finite', iteration, phase: 'modelling', policy: member, update: fit.update, count });
  });
}

/** Root mean square of (prediction − target) over the hold-out rows, in each target's unit: of each member, and of their mean. */
function residuals(networks: readonly Network[], rows: SupervisedRows, targets: readonly ModelTarget[]): { readonly members: Record<string, number>[]; readonly mean: Record<string, number> } {
  const { holdout } = rows;
  const x = new Float32Array(rows.inputs);
  const y = new Float32Array(rows.targets);
  const output = new Float64Array(rows.targets);
  const spread = (sums: Float64Array) => Object.fromEntries(targets.map(({ name, scale }, i) => [name, Math.sqrt(sums[i] / Math.max(1, holdout.rows)) * scale.unit]));
  // of the members' mean, row after row
  const errors = new Float64Array(holdout.rows * y.length);
  const members = networks.map((network, member) => {
    const forward = createForward(network);
    const squares = new Float64Array(y.length);
    for (let row = 0, at = 0; row < holdout.rows; row++) {
      copyRow(holdout.inputs, row, x);
      copyRow(holdout.targets, row, y);
      forward(x, 0, output, 0);
      for (let i = 0; i < y.length; i++, at++) {
        const error = output[i] - y[i];
        squares[i] += error * error;
        errors[at] = (member === 0 ? -y[i] : errors[at]) + output[i] / networks.length;
      }
    }
    return spread(squares);
  });
  const ofMean = new Float64Array(y.length);
  errors.forEach((error, at) => (ofMean[at % y.length] += error * error));
  return { members, mean: spread(ofMean) };
}
